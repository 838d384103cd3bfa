import { foldedFinder } from './fold';
import { type Finder, finderOf } from './search';
import type { TextTest } from './string_operator';

/**
 * Terms of https://learn.microsoft.com/kusto/query/datatypes-string-operators#what-is-a-term: maximal runs of letters and digits;
 * every other character separates, `_` included.
 */
export function isTermUnit(unit: number): boolean {
  if (unit < 0x80) {
    return (unit >= 97 && unit <= 122) || (unit >= 65 && unit <= 90) || (unit >= 48 && unit <= 57);
  }
  return LETTER_OR_DIGIT.test(String.fromCharCode(unit));
}

const LETTER_OR_DIGIT = /[\p{L}\p{N}]/u;

/** Which ends of the needle must lie on the edge of a term: `has` both, `hasprefix` the left, `hassuffix` the right. */
export interface Edges {
  readonly left: boolean;
  readonly right: boolean;
}

export const BOTH_EDGES: Edges = { left: true, right: true };

/**
 * Whether the needle, where `find` finds it, has its ends on edges of terms. An end of the needle that is itself a separator is on an
 * edge. An empty needle is found in any text.
 */
function containsTerm(text: string, needle: string, edges: Edges, find: Finder): boolean {
  if (needle === '') return true;
  const checkLeft = edges.left && isTermUnit(needle.charCodeAt(0));
  const checkRight = edges.right && isTermUnit(needle.charCodeAt(needle.length - 1));
  let at = find(text, 0);
  while (at >= 0) {
    const end = at + needle.length;
    const isLeft = !checkLeft || at === 0 || !isTermUnit(text.charCodeAt(at - 1));
    if (isLeft && (!checkRight || end >= text.length || !isTermUnit(text.charCodeAt(end)))) return true;
    at++;
    // No match can begin on an edge within the term that this one began in.
    if (checkLeft) while (at < text.length && isTermUnit(text.charCodeAt(at))) at++;
    at = find(text, at);
  }
  return false;
}

/** A test for one needle, case-insensitive. */
export function termTest(needle: string, edges: Edges): TextTest {
  const find = foldedFinder(needle);
  return (text) => containsTerm(text, needle, edges, find);
}

/** A test for one needle, case-sensitive. */
export function exactTermTest(needle: string, edges: Edges): TextTest {
  const find = finderOf(needle);
  return (text) => containsTerm(text, needle, edges, find);
}

/** Whether a needle is one whole term, so that a look-up in a set of terms finds it. */
export function isSingleTerm(needle: string): boolean {
  if (needle === '') return false;
  for (let i = 0; i < needle.length; i++) if (!isTermUnit(needle.charCodeAt(i))) return false;
  return true;
}

/** Whether any term of the text is in the set. */
export function anyTermIn(text: string, terms: ReadonlySet<string>): boolean {
  let start = -1;
  for (let i = 0; i <= text.length; i++) {
    if (i < text.length && isTermUnit(text.charCodeAt(i))) {
      if (start < 0) start = i;
    } else if (start >= 0) {
      if (terms.has(text.slice(start, i))) return true;
      start = -1;
    }
  }
  return false;
}
