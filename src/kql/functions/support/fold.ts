/**
 * Case folding as .NET's OrdinalIgnoreCase: simple upper-casing of each UTF-16 unit, so that a folded text has the length of the
 * original and offsets agree. A non-ASCII unit never becomes an ASCII one (dotless i and long s stay).
 */
export function fold(text: string): string {
  if (text === lastText) return lastFolded;
  lastFolded = NON_ASCII.test(text) ? foldUnits(text) : text.toUpperCase();
  lastText = text;
  return lastFolded;
}

// The same cell is often tested by several predicates in a row.
let lastText = '';
let lastFolded = '';

const NON_ASCII = /[^\x00-\x7f]/;

function foldUnits(text: string): string {
  const upper = text.toUpperCase();
  if (upper.length === text.length && !/[ıſ]/.test(text)) return upper;
  let result = '';
  for (let i = 0; i < text.length; i++) result += String.fromCharCode(foldUnit(text.charCodeAt(i)));
  return result;
}

/** One folded UTF-16 unit. */
export function foldUnit(unit: number): number {
  if (unit < 0x80) return unit >= 97 && unit <= 122 ? unit - 32 : unit;
  const upper = String.fromCharCode(unit).toUpperCase();
  if (upper.length !== 1) return unit;
  const code = upper.charCodeAt(0);
  return code < 0x80 ? unit : code;
}

/** Whether `text` holds, from `at`, what `folded` (the result of `fold`) says. Allocates nothing. */
export function foldedAt(text: string, at: number, folded: string): boolean {
  if (at < 0 || at + folded.length > text.length) return false;
  for (let i = 0; i < folded.length; i++) {
    const unit = text.charCodeAt(at + i);
    const wanted = folded.charCodeAt(i);
    if (unit !== wanted && foldUnit(unit) !== wanted) return false;
  }
  return true;
}

/** Whether two texts are equal but for case; `folded` is the result of `fold`. */
export const equalsFolded = (text: string, folded: string): boolean =>
  text.length === folded.length && foldedAt(text, 0, folded);
