import { finderOf, splitBy } from '../../../../../src/kql/functions/string/support/search';
import { column, evaluate, text } from '../../../../support/expressions';
import { randomOf } from '../../../../support/random';

describe('a needle of any length', () => {
  it('is found where indexOf finds it, from every position and match after match', () => {
    const random = randomOf(1);
    const letters = (length: number): string => Array.from({ length }, () => (random.chance(97) ? 'a' : 'b')).join('');
    let found = 0;
    for (let round = 0; round < 300; round++) {
      const said = letters(600 + random.below(600));
      const begin = random.below(300);
      const needle = round % 3 === 0 ? letters(257) : said.slice(begin, begin + 257 + random.below(40));
      const find = finderOf(needle);
      for (let from = 0; from >= 0 && from <= said.length; ) {
        const at = said.indexOf(needle, from);
        expect(find(said, from)).toBe(at);
        if (at >= 0) found++;
        from = at < 0 ? from + 100 : at + 1 + random.below(3);
      }
    }
    expect(found).toBeGreaterThan(150);
  });

  it('splits a text as String.split does', () => {
    const random = randomOf(9);
    for (let round = 0; round < 300; round++) {
      const unit = random.pick(['a', 'ab', 'aab']);
      const said = unit.repeat(400) + random.pick(['', 'q', 'a']) + unit.repeat(200);
      const begin = random.below(300);
      const needle = said.slice(begin, begin + 250 + random.below(60));
      expect(splitBy(said, needle)).toEqual(said.split(needle));
    }
  });

  it('is a whole term, or begins or ends one, however often it is in the text', () => {
    const long = 'a'.repeat(300);
    for (const [name, said, expected] of [
      ['has', `${long}a ${long}`, true],
      ['has', `${long}a b${long}`, false],
      ['has_cs', `x${long} ${long}a-${long}`, true],
      ['hasprefix', `x${long} ${long}y`, true],
      ['hassuffix', `${long}aaay`, false],
      ['hassuffix_cs', `${long}aaa`, true],
      ['contains_cs', `x${long.slice(1)}`, false],
    ] as const)
      expect(evaluate(name, text(said), text(long))).toBe(expected);
    expect(evaluate('countof', text(`${long}aaa`), text(long))).toBe(4);
    expect(
      evaluate('indexof', text(`b${long}aaa`), text(long), column(0, 'long'), column(-1, 'long'), column(3, 'long')),
    ).toBe(3);
  });
});
