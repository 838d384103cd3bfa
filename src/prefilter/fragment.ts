import { WRITTEN } from '../events/written';

/**
 * Characters that stand for themselves wherever a value can come from: they need no escape in JSON, and no place of
 * JSON text within a text (a dynamic value in a string column) puts white space or an escape between them.
 * `wasm/strings.ts` knows them too: a character of these that is written as an escape makes a record be looked at.
 */
const PLAIN = /[A-Za-z0-9 _.$%*!?@^~|;()#-]+/g;
/** Those of them that have no part in an entity of XML. */
const PLAIN_IN_XML = /[A-Za-z0-9 _.$%*!?@^~|()-]+/g;
/** Nor are blanks told from other white space in attributes. */
const PLAIN_IN_ATTRIBUTES = /[A-Za-z0-9_.$%*!?@^~|()-]+/g;
const PLAIN_BY_ORIGIN = { row: PLAIN, shape: PLAIN_IN_XML, xml: PLAIN_IN_ATTRIBUTES };
/** Text that a value which is no JSON string may become without standing in the message: numbers, true, null … */
const NUMERIC = /^[\d.eE -]+$/;
/** The same in a row that a shape makes: it writes times in its own way. */
const NUMERIC_OR_TIME = /^[\d.etz -]+$/;
const WORDS = ['true', 'false', 'null', 'infinity', 'nan'];
const written = WRITTEN.map((text) => text.toLowerCase());

/** Whether an event may hold a fragment for what it is, whatever happened: names of fields and logs. */
const isCommon = (fragment: string): boolean =>
  fragment.startsWith('microsoft-windows-') ||
  fragment === 'operational' ||
  written.some((text) => text.includes(fragment));

/** Shorter ones tell little, and make the search for all others slow: it skips no more bytes than the shortest text has. */
const MIN_LENGTH = 6;
const isUsable = (fragment: string, origin: Origin): boolean =>
  fragment.length >= MIN_LENGTH &&
  !(origin === 'shape' ? NUMERIC_OR_TIME : NUMERIC).test(fragment) &&
  !WORDS.some((word) => word.includes(fragment.trim())) &&
  !isCommon(fragment);

/** Where a text comes from: from a row as it is, from XML in one, or from a record that a shape makes a row of. */
export type Origin = 'row' | 'xml' | 'shape';

/** The longest piece of a literal, in small letters, that must stand in the bytes of a record as it is, in either case; undefined: there is none. */
export function plainFragment(literal: string, origin: Origin): string | undefined {
  let longest: string | undefined;
  for (const [piece] of literal.matchAll(PLAIN_BY_ORIGIN[origin])) {
    const fragment = piece.toLowerCase();
    if (fragment.length > (longest?.length ?? 0) && isUsable(fragment, origin)) longest = fragment;
  }
  return longest;
}
