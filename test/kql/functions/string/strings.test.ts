import { call, column, dynamic, evaluate, int, long, real, text, timespan } from '../../../support/expressions';
import { expectValues } from '../../../support/values';

const t = text;

describe('substring, indexof', () => {
  it.each([
    ['123456', 1, undefined, '23456'],
    ['123456', 2, 2, '34'],
    ['123456', -2, 2, '56'],
    ['abc', 10, undefined, ''],
    ['abc', 0, 100, 'abc'],
    ['abc', 1, 0, ''],
    ['a😀b', 1, 1, '😀'],
    ['a😀b', -1, undefined, 'b'],
  ])('substring(%s, %s, %s) is %s', (source, start, length, expected) => {
    const args = length === undefined ? [t(source), long(start)] : [t(source), long(start), long(length)];
    expect(evaluate('substring', ...args)).toBe(expected);
  });

  it.each([
    ['abcdefg', 'cde', [], 2],
    ['abcdefg', 'cde', [1, 4], 2],
    ['abcdefg', 'cde', [1, 2], -1],
    ['abcdefg', 'cde', [3, 4], -1],
    ['abcdefg', 'cde', [-5], 2],
    ['abcdefg', 'cde', [2, -1], 2],
    ['abcdefgabcdefg', 'cde', [1, 10, 2], 9],
    ['abcdefgabcdefg', 'cde', [1, -1, 3], -1],
    ['abc', 'a', [0, -2], null],
    ['abc', 'a', [0, -1, -1], null],
    ['abc', 'a', [9], -1],
    ['aaaa', 'aa', [0, -1, 3], 2],
    ['😀b', 'b', [], 1],
  ])('indexof(%s, %s, %j) is %s', (source, wanted, more, expected) => {
    expect(evaluate('indexof', t(source), t(wanted), ...more.map((n) => long(n)))).toBe(expected);
  });

  it.each([
    ['abcabc', 'a.c', [], 0],
    ['abcabcdefg', 'a.c', [0, 9, 2], 3],
    ['abcabc', 'a.c', [1, -1, 2], -1],
    ['ababaa', 'a.a', [0, -1, 2], -1],
    ['abcabc', 'a|ab', [-1], null],
    ['abc', 'bc', [0, 2], -1],
  ])('indexof_regex(%s, %s, %j) is %s', (source, wanted, more, expected) => {
    expect(evaluate('indexof_regex', t(source), t(wanted), ...more.map((n) => long(n)))).toBe(expected);
  });
});

describe('strcat and its like', () => {
  it('writes every type as tostring does, null as ""', () => {
    expect(evaluate('strcat', t('a'), long(1), int(null), real(1), timespan(10_000_000n))).toBe('a11.000:00:01');
    expect(evaluate('strcat_delim', t('-'), long(1), t('2'), t('A'), timespan(10_000_000n))).toBe('1-2-A-00:00:01');
    expect(evaluate('strcat_array', dynamic([1, 'x', null]), t('->'))).toBe('1->x->');
    expect(evaluate('strcat_array', dynamic('x'), t(','))).toBe('');
    expect(evaluate('strrep', long(123), long(3), t('.'))).toBe('123.123.123');
    expect(evaluate('strrep', t('a'), long(0))).toBe('');
    expect((evaluate('strrep', t('a'), long(5000)) as string).length).toBe(1024);
  });

  it('keeps texts bounded', () => {
    expect(evaluate('strrep', t('x'.repeat(100_000)), long(1024))).toBe('');
    expect(evaluate('replace_string', t('a'.repeat(100_000)), t('a'), t('b'.repeat(1000)))).toBe('');
    expect(evaluate('replace_regex', t('a'.repeat(100_000)), t('a'), t('b'.repeat(1000)))).toBe('');
  });
});

describe('split, trim, replace', () => {
  it('splits', () => {
    expect(evaluate('split', t('a__b'), t('_'))).toEqual(['a', '', 'b']);
    expect(evaluate('split', t(''), t('_'))).toEqual(['']);
    expect(evaluate('split', t('aaa_bbb_ccc'), t('_'), long(1))).toEqual(['bbb']);
    expect(evaluate('split', t('aaa_bbb'), t('_'), long(5))).toEqual([]);
    expect(evaluate('split', t('C:\\a\\b.exe'), t('\\'), long(-1))).toEqual(['C:', 'a', 'b.exe']);
  });

  it('trims matches at the ends', () => {
    expect(evaluate('trim', t('1'), t('11'))).toBe('');
    expect(evaluate('trim', t('--'), t('--https://bing.com--'))).toBe('https://bing.com');
    expect(evaluate('trim', t('[^\\w]+'), t('-  Te st1// $'))).toBe('Te st1');
    expect(evaluate('trim_start', t('[^\\w]+'), t('-  Te st1// $'))).toBe('Te st1// $');
    expect(evaluate('trim_end', t('.com'), t('bing.com'))).toBe('bing');
    expect(evaluate('trim_end', t('\\s+'), t('  a  '))).toBe('  a');
    expect(evaluate('trim', t('a|b'), t('abxba'))).toBe('x');
  });

  it('replaces', () => {
    expect(evaluate('replace_string', t('cat cat'), t('cat'), t('dog'))).toBe('dog dog');
    expect(evaluate('replace_string', t('cat'), t(''), t('dog'))).toBe('cat');
    expect(evaluate('replace_regex', t('Number is 1'), t('is (\\d+)'), t('was: \\1'))).toBe('Number was: 1');
    expect(evaluate('replace_regex', t('abc'), t('b'), t('[\\0]$1\\\\'))).toBe('a[b]$1\\c');
    expect(evaluate('replace_regex', t('baac'), t('a*'), t('x'))).toBe('xbxcx');
    expect(evaluate('replace_regex', t('aa'), t('a'), t(''))).toBe('');
    expect(evaluate('replace', t('a(.)'), t('\\1'), t('abac'))).toBe('bc');
  });

  it('replaces several strings in one pass, earlier lookups first', () => {
    const replace = (source: string, lookups: (string | number)[], rewrites: (string | number)[]): unknown =>
      evaluate('replace_strings', t(source), dynamic(lookups), dynamic(rewrites));
    expect(replace('cat into a dog', ['cat', 'dog'], ['dog', 'pigeon'])).toBe('dog into a pigeon');
    expect(replace('This is', ['This', 'is'], ['This', 'was'])).toBe('This was');
    expect(replace('This is', ['is', 'This'], ['was', 'This'])).toBe('Thwas was');
    expect(replace('This is', ['This', 'is'], [12345, 'was'])).toBe('This was');
  });

  it('translates characters', () => {
    expect(evaluate('translate', t('abc'), t('x'), t('abc'))).toBe('xxx');
    expect(evaluate('translate', t('abc'), t(''), t('ab'))).toBe('');
    expect(evaluate('translate', t('krasp'), t('otsku'), t('spark'))).toBe('kusto');
  });
});

describe('extract, extract_all, countof', () => {
  it('extracts as a type', () => {
    expect(evaluate('extract', t('x=([0-9.]+)'), long(1), t('hello x=45.6|wo'))).toBe('45.6');
    expect(call('extract', t('x=([0-9.]+)'), long(1), t('hello x=45.6|wo'), t('double'))).toEqual({
      type: 'real',
      value: 45.6,
    });
    expect(evaluate('extract', t('y=(.*)'), long(1), t('zzz'))).toBe('');
    expect(call('extract', t('y=(.*)'), long(1), t('zzz'), t('long')).value).toBeNull();
    expect(evaluate('extract', t('(a)|(b)'), long(2), t('a'))).toBe('');
    expect(evaluate('extract', t('a'), long(3), t('a'))).toBe('');
    expect(() => call('extract', t('a'), long(0), t('a'), t('nothing'))).toThrow('type literal');
  });

  it('extracts all groups, some groups, named groups', () => {
    const id = t('82b8-63');
    expect(evaluate('extract_all', t('([\\da-f]{2})'), id)).toEqual(['82', 'b8', '63']);
    expect(evaluate('extract_all', t('(\\w)(\\w)'), dynamic([2, 1]), id)).toEqual([
      ['2', '8'],
      ['8', 'b'],
      ['3', '6'],
    ]);
    expect(evaluate('extract_all', t('(?P<first>\\w)(\\w)'), dynamic(['first']), id)).toEqual(['8', 'b', '6']);
    expect(evaluate('extract_all', t('(z)'), id)).toBeNull();
  });

  it('counts plain matches with overlap, others without', () => {
    expect(evaluate('countof', t('aaaa'), t('aa'))).toBe(3);
    expect(call('countof', t('ababa'), t('ab'), t('normal')).value).toBe(2);
    expect(call('countof', t('ababa'), t('aba'), t('regex')).value).toBe(1);
    expect(call('countof', column('abcabc', 'string'), t('a.c'), t('regex')).value).toBe(2);
    expect(evaluate('countof', t('abc'), t(''))).toBe(0);
  });
});

describe('other texts', () => {
  it('counts characters and bytes', () => {
    expect(evaluate('strlen', t('⒦⒰⒮⒯⒪'))).toBe(5);
    expect(evaluate('strlen', t('a😀'))).toBe(2);
    expect(evaluate('string_size', t('⒦⒰⒮⒯⒪'))).toBe(15);
    expect(evaluate('reverse', t('a😀b'))).toBe('b😀a');
    expect(evaluate('reverse', long(123))).toBe('321');
    expect(evaluate('strcmp', t('ABC'), t('abc'))).toBe(-1);
    expect(evaluate('isascii', t('é'))).toBe(false);
    expect(evaluate('isutf8', t('é😀'))).toBe(true);
    expect(evaluate('isutf8', t('\ud800'))).toBe(false);
    expect(evaluate('regex_quote', t('(so$me.Te^xt)'))).toBe('\\(so\\$me\\.Te\\^xt\\)');
    expect(evaluate('has_any_index', t('Example number 2'), dynamic([1, 2, 3]))).toBe(1);
    expect(evaluate('has_any_index', t('a'), dynamic([]))).toBe(-1);
  });

  it('goes to and from codepoints', () => {
    expect(evaluate('unicode_codepoints_from_string', t('a😀'))).toEqual([97, 128512]);
    expect(evaluate('unicode_codepoints_to_string', dynamic([75, 117]), long(128512))).toBe('Ku😀');
    expect(evaluate('make_string', long(75), long(-1))).toBe('');
  });

  it('formats sizes', () => {
    expect(evaluate('format_bytes', long(564))).toBe('564 Bytes');
    expect(evaluate('format_bytes', long(10332), long(1))).toBe('10.1 KB');
    expect(evaluate('format_bytes', long(20010332), long(2))).toBe('19.08 MB');
    expect(evaluate('format_bytes', long(20010332), long(0), t('KB'))).toBe('19541 KB');
  });
});

describe('case', () => {
  it('changes letter by letter, so that a text keeps its length', () => {
    expectValues([
      ["toupper('straße ﬁ é')", 'STRAßE ﬁ É'],
      ["tolower('ÀΣΑΣ X')", 'àσασ x'],
      ["strlen(tolower('İ')) == strlen('İ')", true],
    ]);
  });
});

describe('letters of two UTF-16 units', () => {
  it.each(['=~', 'startswith', 'endswith', 'contains', 'has', 'in~'])('%s: a text with one is like itself', (name) => {
    expect(evaluate(name, t('x \u{10428} A'), t('x \u{10428} A'))).toBe(true);
    // Each unit is folded by itself, so the two cases of such a letter stay two.
    expect(evaluate(name, t('\u{10428}'), t('\u{10400}'))).toBe(false);
  });

  it('beside letters that grow when they are folded', () => {
    expect(evaluate('=~', t('\u{10428}stra\u00dfe'), t('\u{10428}STRA\u00dfE'))).toBe(true);
  });
});
