import { equalsFolded, fold, foldedFinder } from '../../../../src/kql/functions/string/support/fold';
import { dynamic, evaluate, text } from '../../../support/expressions';

const test = (operator: string, left: string, right: string): unknown => evaluate(operator, text(left), text(right));

describe('has', () => {
  it.each([
    ['Hello World', true],
    ['<Hello-World>', true],
    ['_Hello_World_', true],
    ['123Hello-World456', false],
    ['HelloWorld', false],
    ['éhello', false],
  ])('finds the term hello in %s: %s', (haystack, expected) => {
    expect(test('has', haystack, 'hello')).toBe(expected);
    expect(test('!has', haystack, 'hello')).toBe(!expected);
  });

  it('takes a separator at the end of the needle as an edge', () => {
    expect(test('has', 'cmd.exe', '.exe')).toBe(true);
    expect(test('has', 'a cmd.exe /c', 'cmd.exe')).toBe(true);
    expect(test('has', 'cmd.exes', 'cmd.exe')).toBe(false);
    expect(test('has', 'abc', '')).toBe(true);
  });

  it('goes on after an occurrence inside a term', () => {
    expect(test('has', 'shellshell shell', 'shell')).toBe(true);
  });

  it('has case-sensitive, prefix and suffix forms', () => {
    expect(test('has_cs', 'North America', 'america')).toBe(false);
    expect(test('!has_cs', 'North America', 'america')).toBe(true);
    expect(test('hasprefix', 'North America', 'ame')).toBe(true);
    expect(test('hasprefix_cs', 'North America', 'ame')).toBe(false);
    expect(test('!hasprefix', 'North America', 'mer')).toBe(true);
    expect(test('hassuffix', 'North America', 'RTH')).toBe(true);
    expect(test('hassuffix_cs', 'North America', 'rica')).toBe(true);
    expect(test('!hassuffix_cs', 'North America', 'ICA')).toBe(true);
  });

  it('looks into the JSON of a dynamic', () => {
    expect(evaluate('has', dynamic(['abc', 'def']), text('DEF'))).toBe(true);
  });
});

describe('has_any and has_all', () => {
  it('take items and arrays', () => {
    const line = text('procdump -ma lsass.exe');
    expect(evaluate('has_any', line, text('mimikatz'), text('LSASS'))).toBe(true);
    expect(evaluate('has_any', line, dynamic(['lsa', 'proc']))).toBe(false);
    expect(evaluate('has_all', line, text('procdump'), dynamic(['ma', 'lsass.exe']))).toBe(true);
    expect(evaluate('has_all', line, text('procdump'), text('dump'))).toBe(false);
  });

  it('finds the same with many needles', () => {
    const needles = Array.from({ length: 40 }, (_, i) => `tool${i}`);
    const any = (line: string, ...more: string[]): unknown =>
      evaluate('has_any', text(line), dynamic([...needles, ...more]));
    expect(any('run TOOL7 now')).toBe(true);
    expect(any('run tool77 now')).toBe(false);
    expect(any('a -enc b', '-enc')).toBe(true);
  });

  it('finds the same with a list too long for one pattern', () => {
    const list = dynamic([...Array.from({ length: 2000 }, (_, i) => `tool${i}`), '-enc']);
    expect(evaluate('has_any', text('run TOOL1999 now'), list)).toBe(true);
    expect(evaluate('has_any', text('run tool2000 now'), list)).toBe(false);
    expect(evaluate('has_any', text('a -ENC b'), list)).toBe(true);
  });

  it('takes long needles from data', () => {
    const long = 'Ab c'.repeat(10_000);
    expect(test('has', `x ${long.toUpperCase()} y`, long)).toBe(true);
    expect(test('contains', long, `${long}x`)).toBe(false);
  });
});

describe('contains, startswith, endswith, matches regex', () => {
  it('compare with and without case', () => {
    expect(test('contains', 'FabriKam', 'BRik')).toBe(true);
    expect(test('contains_cs', 'FabriKam', 'BRik')).toBe(false);
    expect(test('!contains_cs', 'FabriKam', 'BRik')).toBe(true);
    expect(test('startswith', 'Fabrikam', 'fab')).toBe(true);
    expect(test('!startswith_cs', 'Fabrikam', 'fab')).toBe(true);
    expect(test('endswith', 'Fabrikam', 'KAM')).toBe(true);
    expect(test('endswith', 'am', 'kam')).toBe(false);
    expect(test('endswith_cs', 'Fabrikam', 'KAM')).toBe(false);
    expect(test('startswith', 'x', '')).toBe(true);
  });

  it('searches a regular expression anywhere', () => {
    expect(test('matches regex', 'Fabrikam', 'b.*k')).toBe(true);
    expect(test('matches regex', 'Fabrikam', 'BRI')).toBe(false);
    expect(test('matches regex', 'Fabrikam', 'bri')).toBe(true);
    expect(() => test('matches regex', 'a', '(')).toThrow('bad regular expression');
    expect(() => test('matches regex', 'a', '(?=a)')).toThrow('bad regular expression');
  });
});

describe('case folding', () => {
  it('is the same in a search as in a comparison, for every UTF-16 unit with case', () => {
    const different: string[] = [];
    for (let unit = 0; unit < 0x10000; unit++) {
      const character = String.fromCharCode(unit);
      if (character.toLowerCase() === character.toUpperCase()) continue;
      const folded = fold(character);
      for (const other of [character.toLowerCase(), character.toUpperCase(), folded]) {
        if (other.length !== 1) continue;
        const equal = fold(other) === folded;
        if ((foldedFinder(other)(character, 0) === 0) !== equal || equalsFolded(other, folded) !== equal) {
          different.push(unit.toString(16));
        }
      }
    }
    expect(different).toEqual([]);
  });
});
