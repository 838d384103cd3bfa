/** Longest text that a function makes, in UTF-16 units; beyond it the result is "". Event text is written by attackers. */
export const MAX_TEXT = 16 * 1024 * 1024;

const SURROGATE = /[\ud800-\udfff]/;

/**
 * Kusto counts Unicode characters, JavaScript UTF-16 units: where a text has surrogates the two differ.
 */
export const hasSurrogates = (text: string): boolean => SURROGATE.test(text);

/** Position in characters of a position in UTF-16 units. */
export function toCharacters(text: string, units: number): number {
  if (!hasSurrogates(text)) return units;
  let count = 0;
  for (let i = 0; i < units; count++) i += isPair(text, i) ? 2 : 1;
  return count;
}

/** Position in UTF-16 units of a position in characters; the length of the text where it is beyond the end. */
export function toUnits(text: string, characters: number): number {
  if (!hasSurrogates(text)) return Math.min(characters, text.length);
  let units = 0;
  for (let count = 0; count < characters && units < text.length; count++) units += isPair(text, units) ? 2 : 1;
  return units;
}

const isPair = (text: string, at: number): boolean =>
  (text.charCodeAt(at) & 0xfc00) === 0xd800 && (text.charCodeAt(at + 1) & 0xfc00) === 0xdc00;

/** Length in characters. */
export const characterCount = (text: string): number => toCharacters(text, text.length);
