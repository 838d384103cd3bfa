import { type Finder, finderOf } from './search';

/**
 * Case folding as .NET's OrdinalIgnoreCase: simple upper-casing of each UTF-16 unit, so that a folded text has the length of the
 * original and offsets agree. A non-ASCII unit never becomes an ASCII one (dotless i and long s stay).
 */
export function fold(text: string): string {
  // Upper-casing a whole text would also change letters that are two units.
  return SURROGATE.test(text) ? text.replace(WITHOUT_SURROGATES, foldUnits) : foldUnits(text);
}

const SURROGATE = /[\ud800-\udfff]/;
const WITHOUT_SURROGATES = /[^\ud800-\udfff]+/g;

function foldUnits(text: string): string {
  // In a text of Latin-1 units these two look-ups cost nothing.
  if (!text.includes('ı') && !text.includes('ſ')) {
    const upper = text.toUpperCase();
    if (upper.length === text.length) return upper;
  }
  let result = '';
  for (let i = 0; i < text.length; i++) result += String.fromCharCode(foldUnit(text.charCodeAt(i)));
  return result;
}

/** One folded UTF-16 unit. */
function foldUnit(unit: number): number {
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

/** Longer needles come from data, not from a rule's text: a RegExp of them costs more than it saves, and may be refused. */
const MAX_PATTERN = 256;

/** Finds a needle, whatever its case. */
export function foldedFinder(needle: string): Finder {
  if (!/[^\x00-\x40\x5b-\x60\x7b-\x7f]/.test(needle)) return finderOf(needle);
  if (needle.length > MAX_PATTERN) return longFinder(needle);
  // An ignore-case RegExp without the u flag folds exactly as `fold` does, and of a literal it allocates nothing and cannot backtrack.
  const pattern = new RegExp(literalPattern(needle), 'gi');
  return (text, from) => {
    pattern.lastIndex = from;
    return pattern.test(text) ? pattern.lastIndex - needle.length : -1;
  };
}

/** A text is searched from one match to the next: it is folded once. */
function longFinder(needle: string): Finder {
  const find = finderOf(fold(needle));
  let last = '';
  let folded = '';
  return (text, from) => {
    if (text.length < needle.length) return -1;
    if (text !== last) {
      last = text;
      folded = fold(text);
    }
    return find(folded, from);
  };
}

/** Tests whether any of the needles occurs in a text, whatever the case. */
export function anyFolded(needles: readonly string[]): (text: string) => boolean {
  const pattern = new RegExp(needles.map(literalPattern).join('|'), 'i');
  return (text) => pattern.test(text);
}

/** The source of a RegExp that is this text and nothing else. */
function literalPattern(text: string): string {
  let source = '';
  for (let i = 0; i < text.length; i++) source += `\\u${text.charCodeAt(i).toString(16).padStart(4, '0')}`;
  return source;
}
