import { queryTable } from '../support/kql';

describe('columns of a union', () => {
  it('of one name and several types get a number where their new name is taken', () => {
    const views =
      'let A = view () { print x=1 }; let B = view () { print x=int(2) }; let C = view () { print x_long=3 };';
    expect(queryTable(`${views} union withsource=from_ A, B, C`)).toEqual({
      columns: [
        { name: 'from_', type: 'string' },
        { name: 'x_long1', type: 'long' },
        { name: 'x_int', type: 'int' },
        { name: 'x_long', type: 'long' },
      ],
      rows: [
        ['A', 1, null, null],
        ['B', null, 2, null],
        ['C', null, null, 3],
      ],
    });
  });
});

describe('columns without a name of their own', () => {
  const names = (text: string): string[] => queryTable(text).columns.map(({ name }) => name);

  it('get a number where one before them is called alike', () => {
    expect(names('print a=1 | project tostring(a), a + 1, toint(a), strlen(tostring(a))')).toEqual([
      'a',
      'Column1',
      'a1',
      'strlen_a',
    ]);
    expect(names('print d=dynamic({"a":1}) | project d.a, d.a, d.b')).toEqual(['d_a', 'd_a1', 'd_b']);
    const { columns, rows } = queryTable('range x from 1 to 3 step 1 | summarize count() by bin(x, 2), bin(x, 3), x');
    expect(columns.map(({ name }) => name)).toEqual(['x', 'x1', 'x2', 'count_']);
    expect(rows).toEqual([
      [0, 0, 1, 1],
      [2, 0, 2, 1],
      [2, 3, 3, 1],
    ]);
    expect(names('print a=1 | distinct tostring(a), toint(a)')).toEqual(['a', 'a1']);
    const both = 'print a=4, b="x" | summarize a = arg_min(a, b), n = count() by bin(a, 2)';
    expect(queryTable(both)).toMatchObject({
      columns: ['a', 'a1', 'b', 'n'].map((name) => ({ name })),
      rows: [[4, 4, 'x', 1]],
    });
    expect(names('print a=4 | summarize a = percentiles(a, 5, 50), sum(a) by bin(a, 2)')).toHaveLength(4);
  });
});
