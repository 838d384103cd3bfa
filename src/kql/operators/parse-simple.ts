import type { ParsePart } from '../ir';
import type { ScalarType, Value } from '../values/types';
import { captured, capturedPrefix } from './parse-values';

/** Fills `cells`, one per column of the pattern; false where the text does not match. */
export type ParseText = (text: string, cells: Value[]) => boolean;

/** A delimiter with what stands before it: nothing, `*`, a column, or a typed column and `*`. */
interface Step {
  readonly column: number;
  readonly type: ScalarType;
  readonly star: boolean;
  /** undefined: the end of the text. */
  readonly text: string | undefined;
}

/**
 * `parse kind=simple` and `kind=relaxed`: plain-text delimiters, each taken at its first occurrence; the pattern is anchored at both ends
 * unless `*` stands there. A typed column that does not convert fails the row (simple) or is null (relaxed).
 */
export function compileSimple(parts: readonly ParsePart[], relaxed: boolean): ParseText {
  const steps = compile(parts);
  const last = steps.length - 1;
  const end = steps[last]!;
  const anchored = end.column < 0 && !end.star;
  return (text, cells) => {
    let at = 0;
    for (let i = 0; i < last; i++) {
      const { column, type, star, text: delimiter } = steps[i]!;
      const typedPrefix = column >= 0 && star && type !== 'string' && type !== 'dynamic';
      const from = typedPrefix ? prefix(text, at, column, type, cells, relaxed) : at;
      if (from < 0) return false;
      const found = find(text, delimiter!, from, column < 0 && !star, anchored && i === last - 1);
      if (found < 0) return false;
      if (column >= 0 && !typedPrefix) {
        const value = captured(text.slice(at, found), type);
        if (value === null && !relaxed) return false;
        cells[column] = value;
      }
      at = found + delimiter!.length;
    }
    if (anchored) return at === text.length;
    if (end.column < 0) return true;
    if (end.star && end.type !== 'string' && end.type !== 'dynamic') {
      return prefix(text, at, end.column, end.type, cells, relaxed) >= 0;
    }
    const value = captured(text.slice(at), end.type);
    cells[end.column] = value;
    return value !== null || relaxed;
  };
}

/** Where a delimiter stands: here (`exact`), at the end of the text (`final`), or next. */
function find(text: string, delimiter: string, from: number, exact: boolean, final: boolean): number {
  if (exact) return text.startsWith(delimiter, from) ? from : -1;
  if (!final) return text.indexOf(delimiter, from);
  const at = text.length - delimiter.length;
  return at >= from && text.endsWith(delimiter) ? at : -1;
}

/** Takes the typed value that stands at `at`; where it ends, or -1. */
function prefix(text: string, at: number, column: number, type: ScalarType, cells: Value[], relaxed: boolean): number {
  const { value, end } = capturedPrefix(text, at, type);
  if (value === null && !relaxed) return -1;
  cells[column] = value;
  return end;
}

function compile(parts: readonly ParsePart[]): Step[] {
  const steps: Step[] = [];
  let column = -1;
  let type: ScalarType = 'string';
  let star = false;
  let count = 0;
  const push = (text: string | undefined): void => {
    steps.push({ column, type, star, text });
    column = -1;
    star = false;
  };
  parts.forEach((part, i) => {
    if (part.kind === 'star') star = true;
    else if (part.kind === 'column') {
      column = count++;
      type = part.type;
    } else if (part.text !== '' || i === 0) {
      const previous = steps.at(-1);
      // Two delimiters in a row are one.
      if (previous && column < 0 && !star) steps[steps.length - 1] = { ...previous, text: previous.text + part.text };
      else push(part.text);
    }
  });
  push(undefined);
  return steps;
}
