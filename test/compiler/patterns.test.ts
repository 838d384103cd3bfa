import { queryTable } from '../support/kql';

const CAPITALS = `declare pattern capital = (country:string)[state:string] {
  ("USA").["New York"] = { print name = "Albany" };
  ("Canada").["Alberta"] = { print name = "Edmonton" };
};`;

describe('declare pattern', () => {
  it('maps tuples to tables', () => {
    expect(queryTable(`${CAPITALS} capital("Canada").Alberta`).rows).toEqual([['Edmonton']]);
    expect(queryTable(`${CAPITALS} union capital("USA").["New York"], capital("Canada").["Alberta"]`).rows).toEqual([
      ['Albany'],
      ['Edmonton'],
    ]);
    expect(
      queryTable('let k = 2; declare pattern p = (a:string) { ("x") = { print v = k }; }; p("x") | extend w=v+1').rows,
    ).toEqual([[2, 3]]);
  });

  it('refuses what it does not define', () => {
    expect(() => queryTable(`${CAPITALS} capital("Canada").Ontario`)).toThrow();
  });
});

describe('restrict access', () => {
  it('changes no row', () => {
    expect(queryTable('let T = () { print x=1 }; restrict access to (T); T').rows).toEqual([[1]]);
  });
});
