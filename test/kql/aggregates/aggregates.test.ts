import { type Encoded, findAggregate, type Value } from '../../../src/kql';
import type { BoundAggregate } from '../../../src/kql/aggregates/define';
import { ratioToReal, realUnits, toReal, UNIT_EXPONENT } from '../../../src/kql/aggregates/support/exact-real';
import { queryTable } from '../../support/kql';

const row = (text: string): unknown[] => queryTable(text).rows[0]!;

describe('aggregates over nothing', () => {
  it('give their defaults', () => {
    expect(
      row(`datatable(x:long, s:string, t:timespan)[] | summarize count(), countif(x>0), dcount(x), count_distinct(x), sum(x), sum(t),
        stdev(x), variance(x), covariance(x,x), avg(x), avg(t), min(x), max(s), take_any(s), percentile(x,5), percentiles_array(x,5),
        binary_all_and(x), make_list(x), make_set(x), make_bag(dynamic(null))`),
    ).toEqual([0, 0, 0, 0, 0, '00:00:00', 0, 0, 0, 'NaN', null, null, '', '', null, null, null, [], [], []]);
  });
});

describe('sums', () => {
  it('are exact', () => {
    expect(row('datatable(x:real)[0.1,0.2,0.3,1e308,1e308,-1e308,-1e308] | summarize sum(x)')).toEqual([0.6]);
    expect(row('datatable(x:real)[1e308,1e308] | summarize sum(x), avg(x)')).toEqual(['Infinity', 1e308]);
    expect(row('datatable(x:real)[1,real(+inf),real(-inf)] | summarize sum(x), max(x)')).toEqual(['NaN', 'Infinity']);
    expect(row('datatable(x:long)[9223372036854775807,1,-1] | summarize sum(x)')).toEqual(['9223372036854775807']);
    expect(row('datatable(x:decimal)[decimal(0.1),decimal(0.2)] | summarize sum(x), avg(x)')).toEqual(['0.3', '0.15']);
  });

  it('keep types', () => {
    const { columns } = queryTable(
      'datatable(i:int,r:real,d:decimal,t:timespan,a:datetime)[] | summarize sum(i),sum(r),sum(d),sum(t),avg(i),avg(d),avg(t),avg(a),max(i),percentile(i,5),percentile(d,5),percentile(a,5)',
    );
    expect(columns.map(({ type }) => type)).toEqual([
      'long',
      'real',
      'decimal',
      'timespan',
      'real',
      'decimal',
      'timespan',
      'datetime',
      'int',
      'long',
      'real',
      'datetime',
    ]);
  });

  it('round to the nearest real, also below the smallest normal one', () => {
    for (const value of [1, -2.5, 0.1, 5e-324, 2.2250738585072014e-308, 1.7976931348623157e308]) {
      expect(toReal(realUnits(value), UNIT_EXPONENT)).toBe(value);
      expect(ratioToReal(realUnits(value) * 3n, 3n, UNIT_EXPONENT)).toBe(value);
    }
    expect(ratioToReal(1n, 3n, 0)).toBe(1 / 3);
    expect(ratioToReal(1n, 2n, UNIT_EXPONENT)).toBe(0);
    expect(ratioToReal(3n, 2n, UNIT_EXPONENT)).toBe(1e-323);
    expect(toReal(2n ** 1024n, 0)).toBe(Number.POSITIVE_INFINITY);
  });
});

describe('choices', () => {
  it('take the first in canonical order', () => {
    expect(
      row(`datatable(k:long, v:string)[1,'a', 3,'b', 3,'c', 1,'d'] | summarize arg_max(k, v), arg_min(k, v)`),
    ).toEqual([3, 'b', 1, 'a']);
    expect(
      row(
        `datatable(v:string, n:long)['',long(null), 'x',long(null), 'y',3] | summarize take_any(v), take_any(n), take_any(v, n)`,
      ),
    ).toEqual(['x', 3, '', null]);
    expect(row('range x from 1 to 9 step 1 | summarize make_list(x, 2), make_set(x % 5, 3)')).toEqual([
      [1, 2],
      [1, 2, 3],
    ]);
    expect(
      row(
        'datatable(b:dynamic)[dynamic({"x":1,"y":2}), dynamic({"x":3,"z":4}), dynamic([1])] | summarize make_bag(b), make_bag(b, 2)',
      ),
    ).toEqual([
      { x: 1, y: 2, z: 4 },
      { x: 1, y: 2 },
    ]);
  });

  it('make_set takes arrays apart, make_list does not; old names have a smaller default', () => {
    expect(
      row(
        `datatable(a:dynamic)[dynamic(['A1','A2']), dynamic(['A2',null]), dynamic('z')] | summarize make_set(a), make_list(a)`,
      ),
    ).toEqual([
      ['A1', 'A2', 'z'],
      [['A1', 'A2'], ['A2', null], 'z'],
    ]);
    expect(
      row(
        'range x from 1 to 1000 step 1 | summarize makelist(x), makeset(x), make_list(x) | project array_length(list_x), array_length(set_x), array_length(list_x1)',
      ),
    ).toEqual([128, 128, 1000]);
  });

  it('prefers any row to one where the extreme is null', () => {
    expect(row(`datatable(k:long, v:string)[long(null),'n', 1,'a'] | summarize arg_min(k, v)`)).toEqual([1, 'a']);
    expect(row(`datatable(k:long, v:string)[long(null),'n', long(null),'m'] | summarize arg_max(k, *)`)).toEqual([
      null,
      'n',
    ]);
  });
});

describe('percentiles', () => {
  it('are nearest-rank, weighted too', () => {
    expect(row('range x from 1 to 5 step 1 | summarize percentiles(x, 0, 20, 20.1, 50, 100)')).toEqual([1, 1, 2, 3, 5]);
    expect(
      row('datatable(w:long, v:long)[8,10, 6,20, 3,30, 1,40] | summarize percentilesw(v, w, 50, 75, 99.9)'),
    ).toEqual([20, 20, 40]);
    expect(row('range x from 1 to 1000 step 1 | summarize percentile(x, 99.9)')).toEqual([999]);
  });
  it('refuse what is no percentile', () => {
    expect(() => row('range x from 1 to 5 step 1 | summarize percentile(x, 101)')).toThrow('0 to 100');
    expect(() => row('range x from 1 to 5 step 1 | summarize percentile(x, x)')).toThrow('constant');
  });
});

describe('sketches', () => {
  /** So many distinct values, spread by a multiplicative generator. */
  const values = Array.from({ length: 40_000 }, (_, i) => (i * 48_271) % 2_147_483_647);

  function inParts(name: string, args: readonly Value[], reverse: boolean): { bound: BoundAggregate; state: unknown } {
    const info = { type: 'long', constant: false, value: null } as const;
    const bound = findAggregate(name)!.bind([
      info,
      ...args.map((value) => ({ type: 'real', constant: true, value }) as const),
    ]) as BoundAggregate;
    const parts = [0, 1, 2, 3].map(() => bound.init());
    const order = reverse ? [...values].reverse() : values;
    order.forEach((value, i) => {
      bound.add(parts[Math.min(3, Math.floor(i / (reverse ? 17_000 : 9_000)))], [value, ...args], i);
    });
    const [first, ...others] = parts.map((part) => bound.load(JSON.parse(JSON.stringify(bound.save(part))) as Encoded));
    for (const other of others) bound.merge(first, other);
    return { bound, state: first };
  }

  it('dcount is near and does not depend on the order of merging', () => {
    const a = inParts('dcount', [], false);
    const b = inParts('dcount', [], true);
    expect(a.bound.result(a.state)).toEqual(b.bound.result(b.state));
    expect(Number(a.bound.result(a.state)[0]) / values.length).toBeCloseTo(1, 1.5);
  });

  it('percentiles are near and do not depend on the order of merging', () => {
    const a = inParts('percentiles', [5, 50, 95], false);
    const b = inParts('percentiles', [5, 50, 95], true);
    const found = a.bound.result(a.state) as number[];
    expect(found).toEqual(b.bound.result(b.state));
    const sorted = [...values].sort((x, y) => x - y);
    [5, 50, 95].forEach((percent, i) => {
      expect(found[i]! / sorted[(values.length * percent) / 100 - 1]!).toBeCloseTo(1, 2);
    });
  });
});
