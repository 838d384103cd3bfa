import { queryTable } from '../../support/kql';

const value = (expression: string): unknown => queryTable(`print x = ${expression}`).rows[0]![0];

describe('operators in queries', () => {
  it('keeps the case rules of in and in~', () => {
    expect(value('"Abc" in ("abc", "x")')).toBe(false);
    expect(value('"Abc" in~ ("abc", "x")')).toBe(true);
    expect(value('"Abc" !in ("abc")')).toBe(true);
    expect(value('"Abc" !in~ (dynamic(["ABC"]))')).toBe(false);
    const lists = 'let L = datatable(x:string)["a", "B"]; datatable(s:string)["a", "b", "B", "c"]';
    expect(queryTable(`${lists} | where s in (L)`).rows).toEqual([['a'], ['B']]);
    expect(queryTable(`${lists} | where s in~ (L)`).rows).toEqual([['a'], ['b'], ['B']]);
  });

  it('follows the null rules', () => {
    const query =
      'datatable(v:int)[5, int(null)] | project v > 3, v == int(null), v != 5, v in (5), v !in (5), v + 10, not(v > 5)';
    expect(queryTable(query).rows).toEqual([
      [true, false, false, true, false, 15, true],
      [null, null, true, false, true, null, null],
    ]);
    expect(queryTable('datatable(v:int)[5, int(null)] | where v != 4').rows).toEqual([[5], [null]]);
    expect(queryTable('datatable(v:int)[5, int(null)] | where not(v > 4)').rows).toEqual([]);
  });

  it('reads members of dynamics', () => {
    const query = 'print d = parse_json(\'{"EventID":4625,"a":{"b":["x","y"]}}\')';
    expect(queryTable(`${query} | project d.EventID == 4625, d["a"].b[-1], isnull(d.zzz), d.zzz == ""`).rows).toEqual([
      [true, 'y', true, true],
    ]);
  });

  it('knows types by their other names', () => {
    const declared = 'datatable(a:int64, b:boolean, c:date, d:time, e:double, f:uniqueid, g:int8)[]';
    expect(queryTable(declared).columns.map(({ type }) => type)).toEqual([
      'long',
      'bool',
      'datetime',
      'timespan',
      'real',
      'guid',
      'bool',
    ]);
    expect(
      queryTable('print x="5" | parse x with y:int64 | project y, z=extract("5", 0, x, typeof(int64))').rows,
    ).toEqual([[5, 5]]);
    expect(queryTable('print x=dynamic([1]) | mv-expand x to typeof(int64)').columns).toEqual([
      { name: 'x', type: 'long' },
    ]);
  });

  it('estimates sizes by type and text', () => {
    const table =
      'datatable(a:long, b:string, c:bool, d:guid)[1, "é", true, guid(null), long(null), "", false, guid(null)]';
    expect(queryTable(`${table} | project all = estimate_data_size(*), estimate_data_size(b, c)`).rows).toEqual([
      [27, 3],
      [25, 1],
    ]);
    expect(queryTable(`${table} | summarize sum(estimate_data_size(*))`).rows).toEqual([[52]]);
    expect(() => queryTable('print d=dynamic([]) | extend estimate_data_size(*)')).toThrow('dynamic');
    expect(() => queryTable('print d=dynamic([]) | evaluate bag_unpack(d) | extend estimate_data_size(*)')).toThrow(
      'known',
    );
  });

  it('knows no time of ingestion but that of tables', () => {
    expect(queryTable('print ingestion_time()').rows).toEqual([[null]]);
    expect(queryTable('datatable(a:long)[1] | where isnull(ingestion_time())').rows).toEqual([[1]]);
  });

  it('says what is missing in a call', () => {
    expect(() => queryTable('print ago()')).toThrow('expects 1 argument');
    expect(() => queryTable('print column_ifexists("x")')).toThrow('expects 2 arguments');
  });

  it('has the result types of the binder', () => {
    const types = (list: string): string[] => queryTable(`print ${list}`).columns.map((column) => column.type);
    expect(types('int(1) + int(2), 1 + 1.5, decimal(1) + 1.5, 1h / 1m, 1h / 2, 1h * 2, -int(1)')).toEqual([
      'long',
      'real',
      'decimal',
      'real',
      'timespan',
      'timespan',
      'int',
    ]);
    expect(types('bin(int(7), 2), round(int(1)), abs(int(-1)), iff(true, int(1), 2), iff(true, 1, "a")')).toEqual([
      'long',
      'int',
      'long',
      'long',
      'dynamic',
    ]);
    expect(types('extract("a", 0, "b", typeof(double)), extract_json("$.a", "{}", typeof(int))')).toEqual([
      'real',
      'int',
    ]);
  });

  it('takes datetimes and timespans', () => {
    expect(value('datetime(2020-01-01 00:30) between (datetime(2020-01-01) .. 1h)')).toBe(true);
    expect(value('datetime(1970-01-01) + 1546897531 * 1s')).toBe('2019-01-07T21:45:31.0000000Z');
    expect(value('bin(datetime(2024-03-05 06:07:08), 1h)')).toBe('2024-03-05T06:00:00.0000000Z');
    expect(value('todatetime("12-02-2022") == datetime(12-02-2022)')).toBe(true);
    expect(value('totimespan("01:30:00")')).toBe('01:30:00');
  });
});
