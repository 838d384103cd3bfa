/**
 * Characters that stand for themselves wherever a value can come from: they need no escape in JSON, and no place of
 * JSON text within a text (a dynamic value in a string column) puts white space or an escape between them.
 */
const PLAIN = /[A-Za-z0-9 _.$%*!?@^~|;()#-]+/g;
const MIN_LENGTH = 3;
/** Text that a value which is no JSON string may become without standing in the message: numbers, true, null … */
const NUMERIC = /^[\d.eE -]+$/;
const WORDS = ['true', 'false', 'null', 'infinity', 'nan'];

const usable = (fragment: string): boolean =>
  fragment.length >= MIN_LENGTH &&
  !NUMERIC.test(fragment) &&
  !WORDS.some((word) => word.includes(fragment.trim().toLowerCase()));

/** The longest piece of a literal that must stand in the bytes of a message as it is; `undefined` if there is none. */
export function plainFragment(literal: string): string | undefined {
  let longest: string | undefined;
  for (const [fragment] of literal.matchAll(PLAIN)) {
    if (usable(fragment) && fragment.length > (longest?.length ?? 0)) longest = fragment;
  }
  return longest;
}

const ESCAPED_CHARACTER = /\\u(00[2-7][0-9a-fA-F]|013[01]|017[fF]|212[aA])/g;
const PLAIN_CHARACTER = /[A-Za-z0-9 _.$%*!?@^~|;()#-]/;
/** UTF-8 of characters that fold to an ASCII letter: U+212A Kelvin sign, U+017F long s, U+0130 and U+0131 (Turkish i). */
const FOLDING = ['\xe2\x84\xaa', '\xc5\xbf', '\xc4\xb0', '\xc4\xb1'];

/** True where a plain character can be in the message in another form: then the absence of a fragment says nothing. */
export function mayHidePlainText(latin1: string): boolean {
  if (FOLDING.some((bytes) => latin1.includes(bytes))) return true;
  if (!latin1.includes('\\u')) return false;
  ESCAPED_CHARACTER.lastIndex = 0;
  for (let match = ESCAPED_CHARACTER.exec(latin1); match !== null; match = ESCAPED_CHARACTER.exec(latin1)) {
    const code = Number.parseInt(match[1]!, 16);
    if (code > 0x7f || PLAIN_CHARACTER.test(String.fromCharCode(code))) {
      ESCAPED_CHARACTER.lastIndex = 0;
      return true;
    }
  }
  return false;
}
