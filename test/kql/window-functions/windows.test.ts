import { queryTable } from '../../support/kql';

const rows = (text: string): unknown[][] => queryTable(text).rows;

describe('window functions', () => {
  it('prev and next look around, with offset and default', () => {
    expect(
      rows('range x from 1 to 3 step 1 | serialize p=prev(x), q=prev(x,2,-1), n=next(x,1), m=next(x,2,9)'),
    ).toEqual([
      [1, null, -1, 2, 3],
      [2, 1, -1, 3, 9],
      [3, 2, 1, null, 9],
    ]);
    expect(rows("datatable(s:string)['a','b'] | serialize p=prev(s), q=prev(s,1,'none')")).toEqual([
      ['a', '', 'none'],
      ['b', 'a', 'a'],
    ]);
  });

  it('row_number and row_cumsum start anew where told', () => {
    expect(
      rows(
        'range x from 1 to 5 step 1 | serialize a=row_number(), b=row_number(10, x==4), c=row_cumsum(x), d=row_cumsum(x, x==3)',
      ),
    ).toEqual([
      [1, 1, 10, 1, 1],
      [2, 2, 11, 3, 3],
      [3, 3, 12, 6, 3],
      [4, 4, 10, 10, 7],
      [5, 5, 11, 15, 12],
    ]);
    expect(rows('datatable(x:long)[1, long(null), 2] | serialize c=row_cumsum(x)')).toEqual([
      [1, 1],
      [null, 1],
      [2, 3],
    ]);
  });

  it('uses one in the arguments of another', () => {
    expect(rows("datatable(k:string)['a','a','b'] | serialize n=row_number(1, prev(k) != k)")).toEqual([
      ['a', 1],
      ['a', 2],
      ['b', 1],
    ]);
  });

  it('ranks equal neighbours alike', () => {
    expect(
      rows(
        'datatable(g:string, x:long)["a",5, "a",10, "a",10, "a",20, "b",20] | serialize d=row_rank_dense(x, g != prev(g)), m=row_rank_min(x, g != prev(g))',
      ),
    ).toEqual([
      ['a', 5, 1, 1],
      ['a', 10, 2, 2],
      ['a', 10, 2, 2],
      ['a', 20, 3, 4],
      ['b', 20, 1, 1],
    ]);
  });

  it('row_window_session starts at either distance, on restart and after null', () => {
    const times = ['00:00', '00:04', '00:09', '00:12', '00:13'].map((t) => `datetime(2020-01-01 ${t})`);
    const table = `datatable(t:datetime)[${[...times, 'datetime(null)', 'datetime(2020-01-01 00:14)'].join(',')}]`;
    expect(
      rows(
        `${table} | serialize s=row_window_session(t, 12m, 5m, t == datetime(2020-01-01 00:13)) | project format_datetime(s, 'mm')`,
      ).flat(),
    ).toEqual(['00', '00', '09', '09', '13', '', '14']);
  });
});
