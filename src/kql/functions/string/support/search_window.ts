import { characterCount, toUnits } from './text';

/** The part of a text that `indexof` searches, in UTF-16 units. */
export interface Window {
  readonly from: number;
  readonly to: number;
}

/** `start` and `length` (-1: to the end) in characters; undefined where no match can lie in them. */
export function searchWindow(text: string, start: number, length: number): Window | undefined {
  const from = start < 0 ? Math.max(0, characterCount(text) + start) : start;
  const begin = toUnits(text, from);
  if (begin >= text.length && from > characterCount(text)) return undefined;
  if (length < 0) return { from: begin, to: text.length };
  return { from: begin, to: begin + toUnits(text.slice(begin), length) };
}
