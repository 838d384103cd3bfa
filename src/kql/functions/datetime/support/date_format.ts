import { invalid } from '../../../errors';
import type { ArgInfo } from '../../define';

/** Formats one value: a piece of a format that has been read. */
export type Piece<T> = (value: T) => string;

const MAX_FORMAT_LENGTH = 1024;

/**
 * Reads a format: runs of one letter are looked up in `elements`, any other character stands for itself. Null if a run of letters
 * is not a format element; `T`, `Z` and others that no element begins with are taken as text.
 */
function readFormat<T>(format: string, elements: ReadonlyMap<string, Piece<T>>): Piece<T>[] | null {
  if (format.length > MAX_FORMAT_LENGTH) return null;
  const letters = new Set([...elements.keys()].map((element) => element[0]));
  const pieces: Piece<T>[] = [];
  for (let at = 0; at < format.length; ) {
    const letter = format[at]!;
    let end = at + 1;
    while (end < format.length && format[end] === letter) end++;
    const run = format.slice(at, end);
    const piece = letters.has(letter) ? elements.get(run) : () => run;
    if (piece === undefined) return null;
    pieces.push(piece);
    at = end;
  }
  return pieces;
}

/** An implementation (value, format) → text. A constant format that is none is an error; one from a row gives "". */
export function bindFormat<T>(
  fn: string,
  arg: ArgInfo,
  elements: ReadonlyMap<string, Piece<T>>,
): (value: T, format: string) => string {
  const render = (value: T, pieces: readonly Piece<T>[] | null): string => {
    let text = '';
    for (const piece of pieces ?? []) text += piece(value);
    return text;
  };
  if (!arg.constant) return (value, format) => render(value, readFormat(format, elements));
  const pieces = readFormat(String(arg.value), elements);
  if (pieces === null) throw invalid(`${fn}(): '${String(arg.value)}' is not a format made of its documented elements`);
  return (value) => render(value, pieces);
}

/** The elements f…fffffff and F…FFFFFFF (without trailing zeros), from a fraction of a second in ticks. */
export function fractionElements<T>(fraction: (value: T) => number): [string, Piece<T>][] {
  return [1, 2, 3, 4, 5, 6, 7].flatMap((digits): [string, Piece<T>][] => {
    const text: Piece<T> = (value) => String(fraction(value)).padStart(7, '0').slice(0, digits);
    return [
      ['f'.repeat(digits), text],
      ['F'.repeat(digits), (value) => text(value).replace(/0+$/, '')],
    ];
  });
}

/** An element of one letter and its doubled form with a leading zero. */
export const oneOrTwo = <T>(letter: string, number: (value: T) => number): [string, Piece<T>][] => [
  [letter, (value) => String(number(value))],
  [letter.repeat(2), (value) => String(number(value)).padStart(2, '0')],
];
