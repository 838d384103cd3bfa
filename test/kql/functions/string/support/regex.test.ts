import { meter } from '../../../../../src/kql';
import { compileRegex } from '../../../../../src/kql/functions/string/support/regex';
import { call, column, text } from '../../../../support/expressions';

const PUBLIC = [
  [String.raw`\b(?:[0-9]{1,3}\.){3}[0-9]{1,3}\b`, '10.0.0.1 '],
  ['"([^"]*)"', '"abc" '],
  [String.raw`(\w+)=(\w+)`, 'name=value '],
  [String.raw`[a-zA-Z0-9._%+-]+@[a-zA-Z0-9.-]+\.[a-zA-Z]{2,}`, 'someone@example.org '],
  ['<Data Name="([^"]*)">([^<]*)</Data>', '<Data Name="Image">C:\\a.exe</Data>'],
] as const;

describe('all matches of a regular expression', () => {
  const hostile = column('ab'.repeat(20_000), 'string');

  it.each([
    ['extract_all', () => call('extract_all', text('(b|a.*c)'), hostile)],
    ['replace_regex', () => call('replace_regex', hostile, text('b|a.*c'), text('-'))],
    ['countof', () => call('countof', hostile, text('b|a.*c'), text('regex'))],
  ])('%s: a pattern that scans to the end for each is refused', (_, run) => {
    expect(run).toThrow(/'\(?b\|a\.\*c\)?' looks at each character of a text more than 24 times/);
  });

  it.each(PUBLIC)('%s is not', (pattern, unit) => {
    const matches = compileRegex(pattern).matches(unit.repeat(20_000));
    let count = 0;
    while (matches.find()) if (matches.groupCount === 0 || matches.group(1) !== null) count++;
    expect(count).toBe(20_000);
  });

  it('finds what it found over a text that is not counted', () => {
    const said = 'a\u{1f600}b, \u{1f600}\u00e9c';
    const matches = compileRegex('[^ab]|(?:)').matches(said);
    const found: string[] = [];
    while (matches.find()) found.push(`${matches.start}-${matches.end}`);
    expect(found).toEqual(['0-0', '1-3', '3-3', '4-5', '5-6', '6-8', '8-9', '9-10', '10-10']);
  });
});

describe('a pattern with counted repetitions', () => {
  it('counts for what it is against an event', () => {
    const long = 'x'.repeat(400_000);
    meter.refill();
    try {
      expect(compileRegex('x+y').test(long)).toBe(false);
      expect(() => compileRegex('x{990}y').test(long)).toThrow(/more than 32 million steps/);
    } finally {
      meter.open();
    }
  });
});
