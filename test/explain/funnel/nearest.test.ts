import fc from 'fast-check';
import { NearestValues } from '../../../src/explain/funnel/nearest';

const LITERAL = 'C:\\Windows\\System32\\svchost.exe -k DcomLaunch';

describe('nearest values', () => {
  it('says how a value differs', () => {
    const near = new NearestValues([LITERAL], true);
    expect(near.difference(`${LITERAL} -p`)).toEqual({ kind: 'more', text: 'goes on with " -p"' });
    expect(near.difference(`"${LITERAL}`)).toEqual({ kind: 'more', text: 'begins with "\\""' });
    expect(near.difference(LITERAL.replace('.exe', ''))).toEqual({ kind: 'less', text: 'lacks ".exe"' });
    expect(near.difference(LITERAL.replace('DcomLaunch', 'DcomLauncher').replace('32', '64'))).toMatchObject({
      kind: 'other',
    });
    expect(near.difference(LITERAL.replace('svchost', 'svhost'))).toMatchObject({ kind: 'less' });
    expect(near.difference(LITERAL.replace('DcomLaunch', 'netsvcs'))).toEqual({
      kind: 'other',
      text: 'has "netsvcs" instead of "DcomLaunch"',
    });
    expect(new NearestValues([LITERAL], false).difference(LITERAL.toUpperCase())).toEqual({
      kind: 'case',
      text: 'differs in upper and lower case alone',
    });
  });

  it('counts spellings as one where case does not count', () => {
    const near = new NearestValues([LITERAL], true);
    for (const value of [`${LITERAL} -p`, `${LITERAL} -P`, `${LITERAL.toLowerCase()} -p`]) near.add(value);
    expect(near.top(5).map(({ count }) => count)).toEqual([3]);
  });

  it('keeps the nearest with exact counts, in bounded memory', () => {
    const value = fc.string({ unit: fc.constantFrom('a', 'b', '-'), maxLength: 6 });
    fc.assert(
      fc.property(fc.array(value, { maxLength: 200 }), (values) => {
        const near = new NearestValues(['ab-ab'], true, 4);
        for (const one of values) near.add(one);
        const top = near.top(100);
        expect(top.length).toBeLessThanOrEqual(4);
        for (const { value: one, count } of top) expect(count).toBe(values.filter((other) => other === one).length);
        const best = Math.max(0, ...values.map((one) => near.similarity(one)));
        expect(top[0]?.similarity ?? 0).toBeCloseTo(best);
      }),
    );
  });

  it('takes as long for a long value as for its beginning', () => {
    const near = new NearestValues(
      Array.from({ length: 100 }, (_, i) => 'a'.repeat(500) + i),
      true,
    );
    const started = performance.now();
    for (let i = 0; i < 20; i++) near.add(`${'a'.repeat(1_000_000)}${i}`);
    expect(performance.now() - started).toBeLessThan(2_000);
  });
});
