import { queryTable } from '../../support/kql';

const rows = (query: string): unknown[][] =>
  queryTable(`let A = datatable(x:long)[1]; let B = datatable(x:long)[2]; ${query}`).rows;

describe('withsource of union', () => {
  it('names tables and views, and queries that `as` gave a name, the piped one too', () => {
    const expected = [
      ['A', 1],
      ['B', 2],
    ];
    expect(rows('union withsource=s A, B')).toEqual(expected);
    expect(rows('A | union withsource=s B')).toEqual(expected);
    expect(rows('print x=1 | as A | union withsource=s (print x=2 | as B)')).toEqual(expected);
  });

  it('numbers other queries', () => {
    expect(rows('A | where x > 0 | union withsource=s (B | where x > 0)')).toEqual([
      ['union_arg0', 1],
      ['union_arg1', 2],
    ]);
  });
});
