import { deferPatterns } from '../../../../../src/kql';
import { compileRegex } from '../../../../../src/kql/functions/string/support/regex';

describe('patterns of plans that were prepared when they were built', () => {
  it('are compiled when they are first searched for', () => {
    expect(() => compileRegex('a(b')).toThrow(/bad regular expression 'a\(b'/);
    deferPatterns();
    const bad = compileRegex('a(b');
    expect(() => bad.test('ab')).toThrow(/bad regular expression 'a\(b'/);
    const good = compileRegex('a(b)');
    expect([good.test('xab'), good.groupCount, good.test('x')]).toEqual([true, 1, false]);
    // Of an event: it is not known to be one.
    expect(() => compileRegex('a(b', 'run')).toThrow(/bad regular expression/);
  });
});
