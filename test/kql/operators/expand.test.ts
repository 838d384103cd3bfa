import { createRuntime, preparePipeline } from '../../../src/kql';
import { queryTable, testCompiler } from '../../support/kql';

const names = (text: string): string[] => queryTable(text).columns.map(({ name, type }) => `${name}:${type}`);

describe('mv-expand', () => {
  it('gives one row for null or a scalar, none for an empty array or bag', () => {
    expect(
      queryTable(`datatable(k:string, a:dynamic)["x",dynamic([1,2]), "e",dynamic([]), "n",dynamic(null), "b",dynamic({}), "s",dynamic("t")]
        | mv-expand a`).rows,
    ).toEqual([
      ['x', 1],
      ['x', 2],
      ['n', null],
      ['s', 't'],
    ]);
  });

  it('expands columns in parallel, the shorter filled with null', () => {
    expect(queryTable('print b=dynamic({"p":1,"q":2}), c=dynamic([5,4,3]) | mv-expand b, c').rows).toEqual([
      [{ p: 1 }, 5],
      [{ q: 2 }, 4],
      [null, 3],
    ]);
    expect(queryTable('print b=dynamic({"p":1,"q":2}) | mv-expand kind=array b').rows).toEqual([
      [['p', 1]],
      [['q', 2]],
    ]);
  });

  it('gives at most 128 rows of one under its older name', () => {
    const rows = (operator: string): unknown => queryTable(`print l=range(1, 200) | ${operator} | count`).rows[0]?.[0];
    expect([rows('mvexpand l'), rows('mvexpand l limit 150'), rows('mv-expand l')]).toEqual([128, 150, 200]);
  });

  it('casts items and does not parse them', () => {
    expect(queryTable('print a=dynamic([1,"2",3.5,null,true]) | mv-expand a to typeof(long)').rows).toEqual([
      [1],
      [null],
      [3],
      [null],
      [null],
    ]);
    expect(queryTable('print a=dynamic([1,{"k":2},null]) | mv-expand a to typeof(string)').rows).toEqual([
      ['1'],
      ['{"k":2}'],
      [''],
    ]);
    expect(
      queryTable('print a=range(datetime(2020-01-01), datetime(2020-01-02), 1d) | mv-expand a to typeof(datetime)')
        .rows,
    ).toEqual([['2020-01-01T00:00:00.0000000Z'], ['2020-01-02T00:00:00.0000000Z']]);
  });

  it('numbers and limits the items of a row', () => {
    expect(queryTable('print a=dynamic([7,8,9]) | mv-expand with_itemindex=i a limit 2').rows).toEqual([
      [7, 0],
      [8, 1],
    ]);
  });

  it('names and places columns as Kusto does', () => {
    const table = 'datatable(i:int, Arr:dynamic, q:long)[]';
    expect(names(`${table} | mv-expand with_itemindex=ix A=Arr to typeof(long), Arr`)).toEqual([
      'i:int',
      'Arr:dynamic',
      'q:long',
      'A:long',
      'ix:long',
    ]);
    expect(names(`${table} | mv-expand Arr.x, parse_json(Arr.y)`)).toEqual([
      'i:int',
      'Arr:dynamic',
      'q:long',
      'Arr_x:dynamic',
      'Arr_y:dynamic',
    ]);
  });
});

describe('mv-apply', () => {
  it('runs the subquery over the items of each row', () => {
    expect(
      queryTable(`datatable(i:int, Arr:dynamic)[0,dynamic([5,1,3]), 1,dynamic([4,10,8,7])]
        | mv-apply A=Arr to typeof(long) on (top 2 by A | summarize Top2=make_list(A))`).rows,
    ).toEqual([
      [0, [5, 1, 3], [5, 3]],
      [1, [4, 10, 8, 7], [10, 8]],
    ]);
  });

  it('gives nothing for a row that expands to nothing', () => {
    expect(
      queryTable(
        'datatable(i:long, a:dynamic)[1,dynamic([]), 2,dynamic([1])] | mv-apply a to typeof(long) on (summarize s=sum(a))',
      ).rows,
    ).toEqual([[2, 1]]);
  });

  it.each([
    ['mv-apply Arr to typeof(long) on (summarize m=max(Arr))', ['i:int', 'q:long', 'm:long']],
    ['mv-apply Arr to typeof(long) on (top 1 by Arr)', ['i:int', 'q:long', 'Arr:long']],
    [
      'mv-apply A=Arr to typeof(long) on (extend i="x", z=i | project z, i)',
      ['i:string', 'Arr:dynamic', 'q:long', 'z:int'],
    ],
    ['mv-apply with_itemindex=ix Arr to typeof(long) on (project ix)', ['i:int', 'q:long', 'ix:long']],
  ])('%s', (operator, columns) => {
    expect(names(`datatable(i:int, Arr:dynamic, q:long)[] | ${operator}`)).toEqual(columns);
  });

  it('unites what a subquery with late columns gives', () => {
    expect(
      queryTable(`datatable(i:long, d:dynamic)[1,dynamic([{"a":1},{"a":2}]), 2,dynamic([{"b":"x"}])]
        | mv-apply d on (evaluate bag_unpack(d)) | project i, a=column_ifexists('a', 0), b=column_ifexists('b', '')`)
        .rows,
    ).toEqual([
      [1, 1, ''],
      [1, 2, ''],
      [2, null, 'x'],
    ]);
  });
});

describe('limits', () => {
  it('stop an expansion before it fills memory', () => {
    const { plan } = testCompiler([]).compile(
      'range x from 1 to 100 step 1 | extend a=range(1, 1000, 1) | mv-expand a | count',
    );
    const runtime = createRuntime({ now: 0n, maxRows: 10_000 });
    expect(() => preparePipeline(plan!).run(runtime)).toThrow('more than 10000 rows');
  });
});
