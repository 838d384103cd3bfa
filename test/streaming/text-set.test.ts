import fc from 'fast-check';
import { TextSet } from '../../src/streaming/text-set';

const letter = fc.constantFrom(...'abAB.-\\/7 éK\u212a'.split(''));
const literal = fc.string({ unit: fc.constantFrom(...'ab.-\\/7 '.split('')), minLength: 2, maxLength: 7 });
const text = fc.string({ unit: letter, maxLength: 60 });

describe('literals looked for together', () => {
  it('are found where each alone is, ASCII letters in either case and no others', () => {
    fc.assert(
      fc.property(fc.uniqueArray(literal, { minLength: 1, maxLength: 12 }), text, (literals, given) => {
        const lower = given.replace(/[A-Z]/g, (unit) => unit.toLowerCase());
        const wanted = literals.flatMap((one, number) => (lower.includes(one) ? [number] : []));
        expect([...(new TextSet(literals).search(given) ?? [])].sort((a, b) => a - b)).toEqual(wanted);
      }),
      { numRuns: 2_000 },
    );
  });

  it('are found beyond the longest window', () => {
    const long = 'abcdefghijklmnopqrstuvwxyz0123456789';
    const set = new TextSet([`${long}-one`, `${long}-two`]);
    expect([...set.search(`x ${long.toUpperCase()}-TWO`)!]).toEqual([1]);
    expect(set.search(`${long}-thr`)).toBeUndefined();
  });

  it('may be none: then nothing is found', () => {
    expect(new TextSet([]).search('x'.repeat(100))).toBeUndefined();
  });
});
