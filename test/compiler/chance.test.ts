import { runQuery, testCompiler } from '../support/kql';

const compiler = testCompiler([]);
const rows = (text: string): unknown[][] => runQuery(compiler, text).rows;
const NUMBERS = 'range i from 1 to 2000 step 1';

describe('rand() and new_guid()', () => {
  it('give the same for the same row, and another value at each place', () => {
    expect(rows(`${NUMBERS} | extend r = rand(), g = new_guid()`)).toEqual(
      rows(`${NUMBERS} | extend r = rand(), g = new_guid()`),
    );
    const [[r, s, g, h]] = rows('print r = rand(), s = rand(), g = new_guid(), h = new_guid()') as [unknown[]];
    expect(r).not.toBe(s);
    expect(g).not.toBe(h);
    expect(g).toMatch(/^[0-9a-f]{8}-([0-9a-f]{4}-){3}[0-9a-f]{12}$/);
  });

  it('spread over their range', () => {
    const [[least, most, mean, distinct]] = rows(
      `${NUMBERS} | extend r = rand() | summarize min(r), max(r), avg(r), dcount(r, 4)`,
    ) as [number[]];
    expect(least).toBeGreaterThanOrEqual(0);
    expect(least).toBeLessThan(0.01);
    expect(most).toBeLessThan(1);
    expect(most).toBeGreaterThan(0.99);
    expect(Math.abs(mean! - 0.5)).toBeLessThan(0.03);
    expect(distinct).toBeGreaterThan(1950);
    const counts = rows(`${NUMBERS} | summarize count() by r = rand(4) | sort by r asc`) as [number, number][];
    expect(counts.map(([r]) => r)).toEqual([0, 1, 2, 3]);
    for (const [, count] of counts) expect(Math.abs(count - 500)).toBeLessThan(100);
  });

  it('are warned of, not refused', () => {
    expect(compiler.compile('print rand()').diagnostics).toMatchObject([
      { code: 'not-random', severity: 'warning', start: 6 },
    ]);
  });
});
