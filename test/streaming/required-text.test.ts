import fc from 'fast-check';
import { RE2JS } from 're2js';
import { requiredTexts } from '../../src/streaming/required-text';

describe('the texts that every match of a pattern holds', () => {
  it.each<[string, string[][]]>([
    ['mimikatz', [['mimikatz']]],
    ['\\\\(?:cmd|powershell)\\.exe$', [['\\'], ['cmd', 'powershell'], ['.exe']]],
    ['ab+c', [['ab'], ['c']]],
    ['ab?c', [['a'], ['c']]],
    ['ab{0,3}c', [['a'], ['c']]],
    ['(abc)?def', [['def']]],
    ['abc|', []],
    ['abc|[0-9]', []],
    ['[^]abc]def', [['def']]],
    ['(?i)(?P<name>abc)\\d+', [['abc']]],
    ['\\Qa.c\\E', []],
    ['\\x41bc', []],
    [
      '((a|b)(c|d))',
      [
        ['a', 'b'],
        ['c', 'd'],
      ],
    ],
    ['', []],
  ])('%s', (pattern, expected) => {
    expect(requiredTexts(pattern)).toEqual(expected);
  });

  it('are in every text that matches', () => {
    const piece = fc.constantFrom(
      'a',
      'b',
      'c',
      'ab',
      '.',
      '\\.',
      '[ab]',
      '[^c]',
      '(a|b)',
      '(ab|c)',
      '(a|)',
      '(?:bc)',
      '\\w',
      '^',
      '$',
    );
    const quantifier = fc.constantFrom('', '', '', '?', '*', '+', '{0,2}', '{2}', '??', '+?');
    const pattern = fc
      .array(fc.tuple(piece, quantifier), { minLength: 1, maxLength: 6 })
      .map((parts) => parts.map(([one, times]) => (one === '^' || one === '$' ? one : one + times)).join(''));
    let matched = 0;
    fc.assert(
      fc.property(
        fc.array(pattern, { minLength: 1, maxLength: 2 }),
        fc.stringMatching(/^[abc.]{0,10}$/),
        (alternatives, text) => {
          const whole = alternatives.join('|');
          if (!RE2JS.compile(whole).matcher(text).find()) return;
          matched++;
          for (const list of requiredTexts(whole)) expect(list.some((one) => text.includes(one))).toBe(true);
        },
      ),
      { numRuns: 3000 },
    );
    expect(matched).toBeGreaterThan(500);
  });
});
