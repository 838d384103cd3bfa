import { queryTable } from '../support/kql';

/** What the binder refuses, and published rules do. */
describe('what published rules do', () => {
  it('counts a column', () => {
    expect(queryTable('datatable(p:string, n:int)["a", 1, "", int(null)] | summarize count(p), c=count(n)')).toEqual({
      columns: [
        { name: 'count_p', type: 'long' },
        { name: 'c', type: 'long' },
      ],
      rows: [[2, 2]],
    });
  });

  it('parses an array that is one already', () => {
    expect(
      queryTable("print a=todynamic(split('a b', ' ')), b=parse_json(dynamic([1])) | project a[1], b").rows,
    ).toEqual([['b', [1]]]);
  });

  it('takes the last day for the times of a hunting query', () => {
    const text = "print s=todatetime('{{StartTimeISO}}'), e=todatetime('{{EndTimeISO}}') | extend b = s - 7d";
    expect(queryTable(text, '2026-01-08T00:00:00Z').rows).toEqual([
      ['2026-01-07T00:00:00.0000000Z', '2026-01-08T00:00:00.0000000Z', '2025-12-31T00:00:00.0000000Z'],
    ]);
  });

  it('reads hexadecimal digits as the bits of an int', () => {
    const text =
      'print a=int(0xf0000001), b=toint("0xF0000001"), c=toint("0x7fffffff"), d=toint("0x1f0000001"), e=tolong("0xf0000001")';
    expect(queryTable(text).rows).toEqual([[-268435455, -268435455, 2147483647, null, 4026531841]]);
  });

  it('looks for values in rows that hold arrays of them', () => {
    const list = 'let seen = datatable(ip:string)["a", "b"] | summarize make_set(ip);';
    const from = 'datatable(x:string)["A", "b", "c d"]';
    const matched = (test: string) => queryTable(`${list} ${from} | where ${test}`).rows;
    expect(matched('x in (seen)')).toEqual([['b']]);
    expect(matched('x in~ (seen)')).toEqual([['A'], ['b']]);
    expect(matched('x !in~ (seen)')).toEqual([['c d']]);
    expect(matched('x has_any (seen)')).toEqual([['A'], ['b']]);
    expect(matched('x in (dynamic(["x", ["y", ["b"]]]))')).toEqual([['b']]);
  });
});
