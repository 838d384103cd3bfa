import { queryTable } from '../../support/kql';

const TABLES = `
let X = datatable(Key:string, Value1:long)['a',1, 'b',2, 'b',3, 'c',4];
let Y = datatable(Key:string, Value2:long)['b',10, 'c',20, 'c',30, 'd',40];
`;
const joined = (kind: string): unknown[][] => queryTable(`${TABLES} X | join kind=${kind} Y on Key`).rows;

describe('join', () => {
  it.each<[string, unknown[][]]>([
    [
      'innerunique',
      [
        ['b', 2, 'b', 10],
        ['c', 4, 'c', 20],
        ['c', 4, 'c', 30],
      ],
    ],
    [
      'inner',
      [
        ['b', 2, 'b', 10],
        ['b', 3, 'b', 10],
        ['c', 4, 'c', 20],
        ['c', 4, 'c', 30],
      ],
    ],
    [
      'leftouter',
      [
        ['a', 1, '', null],
        ['b', 2, 'b', 10],
        ['b', 3, 'b', 10],
        ['c', 4, 'c', 20],
        ['c', 4, 'c', 30],
      ],
    ],
    [
      'rightouter',
      [
        ['b', 2, 'b', 10],
        ['b', 3, 'b', 10],
        ['c', 4, 'c', 20],
        ['c', 4, 'c', 30],
        ['', null, 'd', 40],
      ],
    ],
    [
      'fullouter',
      [
        ['a', 1, '', null],
        ['b', 2, 'b', 10],
        ['b', 3, 'b', 10],
        ['c', 4, 'c', 20],
        ['c', 4, 'c', 30],
        ['', null, 'd', 40],
      ],
    ],
    [
      'leftsemi',
      [
        ['b', 2],
        ['b', 3],
        ['c', 4],
      ],
    ],
    ['leftanti', [['a', 1]]],
    [
      'rightsemi',
      [
        ['b', 10],
        ['c', 20],
        ['c', 30],
      ],
    ],
    ['rightanti', [['d', 40]]],
  ])('%s', (kind, rows) => {
    expect(joined(kind)).toEqual(rows);
  });

  it('matches no null, and "" like any text', () => {
    const sides =
      'datatable(k:long)[1, long(null)] | join kind=KIND (datatable(k:long, v:string)[1,"x", long(null),"n"]) on k';
    expect(queryTable(sides.replace('KIND', 'inner')).rows).toEqual([[1, 1, 'x']]);
    expect(queryTable(sides.replace('KIND', 'leftanti')).rows).toEqual([[null]]);
    expect(queryTable(sides.replace('KIND', 'fullouter')).rows).toEqual([
      [1, 1, 'x'],
      [null, null, ''],
      [null, null, 'n'],
    ]);
    expect(queryTable('datatable(k:string)["","A"] | join kind=inner (datatable(k:string)["","a"]) on k').rows).toEqual(
      [['', '']],
    );
  });

  it('numbers clashing columns past every name of both sides', () => {
    const { columns } = queryTable(
      'datatable(k:string,k1:string,a:int)[] | join kind=inner (datatable(k:string,a:int,a1:int)[]) on k',
    );
    expect(columns.map(({ name }) => name)).toEqual(['k', 'k1', 'a', 'k2', 'a2', 'a1']);
  });

  it('takes keys of several columns and of different names', () => {
    expect(
      queryTable(`datatable(a:string, b:string)["x","yz", "xy","z"]
        | join kind=inner (datatable(c:string, b:string)["x","yz"]) on $left.a == $right.c, b`).rows,
    ).toEqual([['x', 'yz', 'x', 'yz']]);
  });

  it('waits for columns that depend on the data', () => {
    const text = `let R = datatable(d:dynamic)[dynamic({"k":"a","v":1})] | evaluate bag_unpack(d);
      datatable(k:string, l:long)['a',1,'b',2] | join kind=leftouter R on k | project k, v`;
    expect(queryTable(text).rows).toEqual([
      ['a', 1],
      ['b', null],
    ]);
  });
});

describe('lookup', () => {
  it('repeats no key column and keeps unmatched rows by default', () => {
    const text = `datatable(k:string, d:long)['a',1,'z',2] | lookup KIND (datatable(k:string, d:long)['a',5,'a',6]) on k`;
    const outer = queryTable(text.replace('KIND', ''));
    expect(outer.columns.map(({ name }) => name)).toEqual(['k', 'd', 'd1']);
    expect(outer.rows).toEqual([
      ['a', 1, 5],
      ['a', 1, 6],
      ['z', 2, null],
    ]);
    expect(queryTable(text.replace('KIND', 'kind=inner')).rows).toEqual([
      ['a', 1, 5],
      ['a', 1, 6],
    ]);
  });
});
