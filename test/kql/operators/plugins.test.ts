import { queryTable } from '../../support/kql';

describe('bag_unpack', () => {
  it('makes columns in the order of their names, dynamic where types differ', () => {
    const { columns, rows } = queryTable(
      `datatable(d:dynamic, a:string)[dynamic({"z":1,"b":"x","c":[1],"n":null}),'q', dynamic({"b":2}),'r', dynamic([1]),'s']
       | evaluate bag_unpack(d, 'p_')`,
    );
    expect(columns.map(({ name, type }) => `${name}:${type}`)).toEqual([
      'a:string',
      'p_b:dynamic',
      'p_c:dynamic',
      'p_n:dynamic',
      'p_z:long',
    ]);
    expect(rows).toEqual([
      ['q', 'x', [1], null, 1],
      ['r', 2, null, null, null],
      ['s', null, null, null, null],
    ]);
  });

  it('settles conflicts as told', () => {
    const text = (option: string): string =>
      `datatable(Name:string, d:dynamic)['James',dynamic({"Name":"John"}), 'David',dynamic({"Age":4})] | evaluate bag_unpack(d${option}) | project Name, Age`;
    expect(() => queryTable(text(''))).toThrow("a column 'Name'");
    expect(queryTable(text(", columnsConflict='replace_source'")).rows).toEqual([
      ['John', null],
      ['', 4],
    ]);
    expect(queryTable(text(", columnsConflict='keep_source'")).rows).toEqual([
      ['James', null],
      ['David', 4],
    ]);
  });

  it('takes options by name where others are left out', () => {
    const bags = 'datatable(d:dynamic)[dynamic({"Name":"Ann","Age":20,"City":"Rome"})] | evaluate bag_unpack(d';
    const names = (options: string): string[] => queryTable(`${bags}${options})`).columns.map((column) => column.name);
    expect(names(', ignoredProperties=dynamic(["Age","City"])')).toEqual(['Name']);
    expect(names(', "p_", ignoredProperties=dynamic(["Age"])')).toEqual(['p_City', 'p_Name']);
    expect(names(', columnsConflict="error", ignoredProperties=dynamic(["Age"])')).toEqual(['City', 'Name']);
  });

  it('takes declared columns, with or without the others', () => {
    const table = 'datatable(d:dynamic, k:string)[dynamic({"Age":20,"x":1}),"s"]';
    expect(queryTable(`${table} | evaluate bag_unpack(d) : (*, Age:long, Height:real)`).rows).toEqual([
      ['s', 20, null],
    ]);
    expect(queryTable(`${table} | evaluate bag_unpack(d) : (Age:string)`).rows).toEqual([['20']]);
  });

  it('lets column_ifexists see what came out', () => {
    expect(
      queryTable(
        `datatable(d:dynamic)[dynamic({"a":1})] | evaluate bag_unpack(d) | project a=column_ifexists('a',0), b=column_ifexists('b','-')`,
      ).rows,
    ).toEqual([[1, '-']]);
  });

  it('keeps keys that look like object internals', () => {
    const { columns } = queryTable(
      `datatable(d:dynamic)[dynamic({"__proto__":1,"constructor":2})] | evaluate bag_unpack(d)`,
    );
    expect(columns.map(({ name }) => name)).toEqual(['__proto__', 'constructor']);
  });
});

describe('pivot', () => {
  const table = `datatable(k:string, c:string, v:long)['a','x',1, 'a','y',2, 'b','x',3, 'a','x',4]`;

  it('counts by default, by all other columns', () => {
    expect(queryTable(`${table} | project k, c | evaluate pivot(c) | project k, x, y`).rows).toEqual([
      ['a', 2, 1],
      ['b', 1, 0],
    ]);
  });

  it('aggregates; a cell without rows holds the aggregate of nothing', () => {
    expect(queryTable(`${table} | evaluate pivot(c, sum(v)) | project k, x, y`).rows).toEqual([
      ['a', 5, 2],
      ['b', 3, 0],
    ]);
    expect(queryTable(`${table} | evaluate pivot(c, max(v), k) : (k:string, y:long, x:long)`).rows).toEqual([
      ['a', 2, 4],
      ['b', null, 3],
    ]);
  });

  it('refuses a value that the declared schema lacks', () => {
    expect(() => queryTable(`${table} | evaluate pivot(c, max(v), k) : (k:string, x:long)`)).toThrow("no column 'y'");
  });
});

describe('rows_near', () => {
  const near = (args: string): unknown[] =>
    queryTable(`range x from 1 to 10 step 1 | evaluate rows_near(${args})`).rows.map(([x]) => x);

  it('keeps rows before and after those of a condition', () => {
    expect(near('x == 5, 2')).toEqual([3, 4, 5, 6, 7]);
    expect(near('x == 5, 2, 0')).toEqual([3, 4, 5]);
    expect(near('x in (1, 3, 10), 1')).toEqual([1, 2, 3, 4, 9, 10]);
    expect(near('x > 10, 3')).toEqual([]);
  });
});

describe('narrow', () => {
  it('makes a row of every cell', () => {
    expect(queryTable('datatable(n:int, s:string)[1,"a", int(null),""] | evaluate narrow()')).toEqual({
      columns: [
        { name: 'Row', type: 'long' },
        { name: 'Column', type: 'string' },
        { name: 'Value', type: 'string' },
      ],
      rows: [
        [0, 'n', '1'],
        [0, 's', 'a'],
        [1, 'n', ''],
        [1, 's', ''],
      ],
    });
  });
});

describe('rolling_percentile', () => {
  const table = 'datatable(i:long, v:long, k:string)[0,1,"a", 1,3,"b", 3,5,"a", 4,9,"b", 12,7,"a", 2,4,""]';

  it('looks at a bin and those before it', () => {
    expect(queryTable(`${table} | evaluate rolling_percentile(v, 50, i, 2, 2)`)).toEqual({
      columns: [
        { name: 'i', type: 'long' },
        { name: 'rolling_2_percentile_v_50', type: 'long' },
      ],
      rows: [
        [0, 1],
        [2, 3],
        [4, 5],
        [6, 9],
        [12, 7],
      ],
    });
  });

  it('of each dimension', () => {
    expect(queryTable(`${table} | evaluate rolling_percentile(v, 100, i, 2, 3, k) | where k != ""`).rows).toEqual([
      [0, 'a', 1],
      [2, 'a', 5],
      [4, 'a', 5],
      [6, 'a', 5],
      [12, 'a', 7],
      [0, 'b', 3],
      [2, 'b', 3],
      [4, 'b', 9],
      [6, 'b', 9],
      [8, 'b', 9],
    ]);
  });

  it('refuses windows without end', () => {
    expect(() => queryTable(`${table} | evaluate rolling_percentile(v, 50, i, 0, 2)`)).toThrow('positive bin');
    expect(() => queryTable(`${table} | evaluate rolling_percentile(v, 50, i, 1, 9999999)`)).toThrow('at most');
  });
});
