import { queryTable } from '../../../support/kql';

describe('hll', () => {
  it('counts what it merged', () => {
    const { rows } = queryTable(`
      range x from 1 to 10 step 1 | extend y = x + 5
      | summarize hx = hll(x), hy = hll(y), even = hll_if(x, x % 2 == 0)
      | project dcount_hll(hx), dcount_hll(hll_merge(hx, hy)), dcount_hll(even), dcount_hll(hll_merge(even, hx, hy))`);
    expect(rows).toEqual([[10, 15, 5, 15]]);
  });

  it('agrees with dcount, exact or not', () => {
    const { rows } = queryTable(`
      range x from 1 to 30000 step 1 | summarize h = hll(x), n = dcount(x) by k = x % 7
      | summarize h = hll_merge(h), n = sum(n) | project n, abs(dcount_hll(h) - n) < 600`);
    expect(rows).toEqual([[30_000, true]]);
    const same = queryTable(
      'range x from 1 to 20000 step 1 | summarize h = hll(x), n = dcount(x) | project dcount_hll(h) == n',
    );
    expect(same.rows).toEqual([[true]]);
  });

  it('gives null for sketches of different accuracy and for what is none', () => {
    const { rows } = queryTable(`
      range x from 1 to 3 step 1 | summarize a = hll(x, 0), b = hll(x, 1)
      | project dcount_hll(hll_merge(a, b)), dcount_hll(dynamic(["hll", 14, "h", "AAAA"])), dcount_hll(dynamic(["hll", 14, "e", "AAAA"]))`);
    expect(rows).toEqual([[null, null, null]]);
  });
});

describe('dcount_intersect', () => {
  const counts = (last: number, ...conditions: string[]): number[] => {
    const list = conditions.map((condition, i) => `h${i} = hll(iff(${condition}, x, long(null)))`);
    const names = list.map((_, i) => `h${i}`);
    const { rows } = queryTable(
      `range x from 1 to ${last} step 1 | summarize ${list} | evaluate dcount_intersect(${names}) | project-away ${names}`,
    );
    return rows[0] as number[];
  };

  it('counts the keys that the first, the first two … sets have in common', () => {
    expect(counts(100, 'true', 'x % 2 == 0 and x > 50', 'x > 90')).toEqual([100, 25, 5]);
    expect(counts(100, 'x > 50', 'x < 50')).toEqual([50, 0]);
  });

  it('estimates where the sets are large', () => {
    const [all, even, sixth] = counts(60_000, 'true', 'x % 2 == 0', 'x % 3 == 0') as [number, number, number];
    expect(Math.abs(all - 60_000)).toBeLessThan(1500);
    expect(Math.abs(even - 30_000)).toBeLessThan(1500);
    expect(Math.abs(sixth - 10_000)).toBeLessThan(1500);
  });

  it('gives null for sets of different accuracy', () => {
    const query = 'range x from 1 to 3 step 1 | summarize a = hll(x), b = hll(x, 2) | evaluate dcount_intersect(a, b)';
    expect(queryTable(`${query} | project s0, s1`).rows).toEqual([[3, null]]);
  });
});

describe('tdigest', () => {
  it('gives the percentiles and ranks of what it merged', () => {
    const { columns, rows } = queryTable(`
      range x from 1 to 100 step 1 | summarize t = tdigest(x) by x % 3 | summarize t = tdigest_merge(t)
      | project a = percentile_tdigest(t, 50), b = percentile_tdigest(t, 90, typeof(real)), c = percentiles_array_tdigest(t, 0, 100),
          d = percentiles_array_tdigest(t, dynamic([25, 75])), e = rank_tdigest(t, 30.5), f = percentrank_tdigest(t, 30)`);
    expect(columns.map(({ type }) => type)).toEqual(['dynamic', 'real', 'dynamic', 'dynamic', 'real', 'real']);
    expect(rows).toEqual([[50, 90, [1, 100], [25, 75], 30, 30]]);
  });

  it('keeps the type of its values', () => {
    const { rows } = queryTable(`
      datatable(t:datetime, d:timespan)[datetime(2024-01-01), 1h, datetime(2024-01-02), 2h]
      | summarize t = tdigest(t), d = tdigest(d)
      | project percentile_tdigest(t, 100), percentile_tdigest(d, 0, typeof(timespan)), percentile_tdigest(merge_tdigest(t, d), 50)`);
    expect(rows).toEqual([['2024-01-02T00:00:00.0000000Z', '01:00:00', null]]);
  });

  it('counts weights', () => {
    const { rows } = queryTable(`
      datatable(x:long, w:long)[1, 98, 2, 2] | summarize t = tdigest(x, w) | project percentile_tdigest(t, 98), percentile_tdigest(t, 99)`);
    expect(rows).toEqual([[1, 2]]);
  });

  it.each([
    '"x"',
    '["tdigest","long",0,1]',
    '["tdigest","long",0,"x",1]',
    '["tdigest","string",0,"1",1]',
    '["tdigest","long",-1]',
  ])('gives null for %s', (text) => {
    expect(queryTable(`print percentile_tdigest(parse_json('${text}'), 50)`).rows).toEqual([[null]]);
  });
});
