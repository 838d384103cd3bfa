import { pieces, visible } from '../../web/lib/hostile';

describe('text of others on the page', () => {
  it('is left as it is where nothing in it acts', () => {
    expect(pieces('C:\\a "b" <c> ü 日本 👍')).toEqual([{ text: 'C:\\a "b" <c> ü 日本 👍' }]);
    expect(pieces('')).toEqual([]);
  });

  it('shows controls, bidirectional and invisible characters and lone surrogates by their codes', () => {
    expect(visible('a\u202eb\u2066\u200b\u0000\u001b[31m\u009b\ud800\ufeff\u00ad')).toBe(
      'aU+202EbU+2066U+200BU+0000U+001B[31mU+009BU+D800U+FEFFU+00AD',
    );
    expect(pieces('x\u202ey')).toEqual([{ text: 'x' }, { text: 'U+202E', code: 'U+202E' }, { text: 'y' }]);
  });

  it('keeps line breaks where they are wanted, and shows them elsewhere', () => {
    expect(visible('a\nb\tc')).toBe('a↵b⇥c');
    expect(pieces('a\nb\r', true)).toEqual([
      { text: 'a' },
      { text: '\n' },
      { text: 'b' },
      { text: 'U+000D', code: 'U+000D' },
    ]);
  });
});
