import { createRuntime, prepareOps, preparePipeline } from '../../../src/kql';
import { queryTable, testCompiler } from '../../support/kql';

const rows = (text: string): unknown[][] => queryTable(text).rows;
const names = (text: string): string[] => queryTable(text).columns.map(({ name }) => name);

describe('sort and top', () => {
  const table = 'datatable(v:real)[0, real(null), 5, real(nan), real(-inf), -5, real(+inf)]';
  it.each([
    ['asc', [null, 'NaN', '-Infinity', -5, 0, 5, 'Infinity']],
    ['desc', ['Infinity', 5, 0, -5, '-Infinity', 'NaN', null]],
    ['asc nulls last', ['-Infinity', -5, 0, 5, 'Infinity', 'NaN', null]],
    ['desc nulls first', [null, 'NaN', 'Infinity', 5, 0, -5, '-Infinity']],
  ])('%s', (order, expected) => {
    expect(rows(`${table} | sort by v ${order}`).flat()).toEqual(expected);
    expect(rows(`${table} | top 3 by v ${order}`).flat()).toEqual(expected.slice(0, 3));
  });

  it('are stable, by several keys, ordinal for text', () => {
    expect(rows(`datatable(x:long, s:string)[1,'b', 1,'B', 2,'z', 1,'a'] | sort by x desc`)).toEqual([
      [2, 'z'],
      [1, 'b'],
      [1, 'B'],
      [1, 'a'],
    ]);
    expect(rows(`datatable(x:long, s:string)[1,'b', 1,'B', 2,'z', 1,''] | sort by x desc, s asc`)).toEqual([
      [2, 'z'],
      [1, ''],
      [1, 'B'],
      [1, 'b'],
    ]);
  });
});

describe('take, count, distinct, getschema', () => {
  it('take the first rows', () => {
    expect(rows('range x from 1 to 5 step 1 | take 2')).toEqual([[1], [2]]);
    expect(rows('range x from 1 to 5 step 1 | take 0 | count')).toEqual([[0]]);
  });
  it('tell apart case, null and empty', () => {
    expect(rows(`datatable(a:string, n:long)['x',1, 'X',1, 'x',1, '',long(null), '',long(null)] | distinct *`)).toEqual(
      [
        ['x', 1],
        ['X', 1],
        ['', null],
      ],
    );
    expect(rows('range x from 1 to 3 step 1 | distinct y = x % 2')).toEqual([[1], [0]]);
  });
  it('show types', () => {
    expect(rows('print a=1, b=dynamic(null), c=1d | getschema')).toEqual([
      ['a', 0, 'System.Int64', 'long'],
      ['b', 1, 'System.Object', 'dynamic'],
      ['c', 2, 'System.TimeSpan', 'timespan'],
    ]);
  });
});

describe('project-…', () => {
  it('match wildcards, case-sensitively', () => {
    expect(names('print a=1, b=2, abc=3, Ab=4 | project-away a*, b')).toEqual(['Ab']);
    expect(names('print d=1, a=2, b=3, abc=4 | project-keep *b*, a')).toEqual(['a', 'b', 'abc']);
    expect(names('print a=1, b=2, c=3 | project-rename x=b')).toEqual(['a', 'x', 'c']);
  });
  it('reorder', () => {
    expect(names('print d=1, a=2, b=3, abc=4 | project-by-names "*b*", dynamic(["d", "none"]), a, "*"')).toEqual([
      'b',
      'abc',
      'd',
      'a',
    ]);
    expect(names('let T = print x=1; print a=1, x=2 | project-by-names column_names_of(T)')).toEqual(['x']);
    expect(() => names('print a=1, s="a" | project-by-names s')).not.toThrow();
    expect(names('print b=1, a2=2, a10=3, a1=4 | project-reorder a* asc')).toEqual(['a1', 'a10', 'a2', 'b']);
    expect(names('print b=1, a2=2, a10=3, a1=4 | project-reorder a* granny-asc')).toEqual(['a1', 'a2', 'a10', 'b']);
    expect(names('print b=1, a2=2, a10=3, a1=4 | project-reorder a10, a* desc')).toEqual(['a10', 'a2', 'a1', 'b']);
    expect(names('print a=1, b=2, c=3 | project-reorder c')).toEqual(['c', 'a', 'b']);
  });
});

describe('make-series', () => {
  const data =
    'datatable(t:datetime, x:int, k:string)[datetime(2020-01-01 00:10),1,"a", datetime(2020-01-01 02:10),3,"a", datetime(2020-01-01 03:10),5,"b"]';
  const hour = (h: number): string => `2020-01-01T0${h}:00:00.0000000Z`;

  it('fills bins without rows', () => {
    expect(
      rows(
        `${data} | make-series a=avg(x), n=count() default=-1 on t from datetime(2020-01-01) to datetime(2020-01-01 03:00) step 1h by k`,
      ),
    ).toEqual([['a', [1, 0, 3], [1, -1, 1], [hour(0), hour(1), hour(2)]]]);
  });
  it('runs as far as the data of each series without from and to', () => {
    expect(rows(`${data} | make-series sum(x) on t step 1h by k`)).toEqual([
      ['a', [1, 0, 3], [hour(0), hour(1), hour(2)]],
      ['b', [5], [hour(3)]],
    ]);
  });
  it('includes the end of in range(…)', () => {
    expect(
      rows(`${data} | make-series sum(x) on t in range(datetime(2020-01-01 00:05), datetime(2020-01-01 02:00), 1h)`),
    ).toEqual([
      [
        [1, 0, 3],
        [hour(0), hour(1), hour(2)],
      ],
    ]);
  });
  it('gives defaults for an empty input only with kind=nonempty', () => {
    const on = 'on t from datetime(2020-01-01) to datetime(2020-01-01 01:00) step 1h';
    expect(rows(`${data} | take 0 | make-series n=count() default=7 ${on}`)).toEqual([]);
    expect(rows(`${data} | take 0 | make-series kind=nonempty n=count() default=7 ${on}`)).toEqual([[[7], [hour(0)]]]);
  });
  it('runs along numbers', () => {
    expect(rows('range i from 1 to 10 step 1 | make-series count() on i from 0 to 12 step 5')).toEqual([
      [
        [4, 5, 1],
        [0, 5, 10],
      ],
    ]);
    expect(
      rows('range i from 1 to 10 step 1 | extend r=i/2.0 | make-series count() on r from 0.0 to 6.0 step 1.5'),
    ).toEqual([
      [
        [2, 3, 3, 2],
        [0, 1.5, 3, 4.5],
      ],
    ]);
  });
  it('refuses a series without end', () => {
    expect(() =>
      rows(`${data} | make-series count() on t from datetime(1900-01-01) to datetime(2020-01-02) step 1s`),
    ).toThrow('1048576');
    expect(() => rows(`${data} | make-series count() on t step 0s`)).toThrow('positive step');
  });
});

describe('project', () => {
  it('carries a hidden column once, also when it names it', () => {
    const hidden = { name: '$IngestionTime', type: 'datetime' } as const;
    const col = (name: string) => ({ name, expr: { k: 'col', name } as const });
    const prepared = prepareOps(
      [
        { op: 'project', columns: [col('a'), col('$IngestionTime')] },
        { op: 'project-rename', renames: [{ from: 'a', to: 'b' }] },
      ],
      [{ name: 'a', type: 'long' }, hidden],
    );
    expect(prepared.schema).toEqual([{ name: 'b', type: 'long' }, hidden]);
  });
});

describe('range', () => {
  it('makes no more rows than are taken', () => {
    expect(queryTable('range x from 1 to 9999999999999999 step 2 | take 3').rows).toEqual([[1], [3], [5]]);
    expect(
      queryTable('range x from 1 to 9999999999999999 step 1 | where x % 1000 == 0 | extend y = -x | take 2 | count')
        .rows,
    ).toEqual([[2]]);
    expect(queryTable('range x from 1 to 9999999999999999 step 1 | take 0').rows).toEqual([]);
    expect(queryTable('range x from 1 to 3 step 1 | where x > 1 | take 5').rows).toEqual([[2], [3]]);
  });

  it('that is all too long says so', () => {
    const few = createRuntime({ now: 0n, maxRows: 1000 });
    for (const query of [
      'range x from 1 to 999999 step 2 | count',
      'range x from 1 to 999999 step 2 | where x == 0 | take 1',
    ])
      expect(() => preparePipeline(testCompiler([]).compile(query).plan!).run(few)).toThrow(
        'range gives more than 1000 rows',
      );
  });
});
