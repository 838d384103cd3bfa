import { FIRST_COLUMNS } from '../row-messages';

const names: string[] = [...FIRST_COLUMNS];
const numbers = new Map(names.map((name, number) => [name, number]));

/** The number by which a scanner is asked for the property of this name, in every set of keys that begins with `shapeKeys`. */
export function key(name: string): number {
  const known = numbers.get(name);
  if (known !== undefined) return known;
  numbers.set(name, names.length);
  return names.push(name) - 1;
}

/** Names of the properties that shapes are told by, those that a row of a table begins with first. */
export const shapeKeys = (): readonly string[] => names;

/** Number of the set of texts below, in every scanner. */
export const SHAPE_TEXTS_SET = 0;
/** Texts that shapes are told by, in small letters. */
export const SHAPE_TEXTS = ['providername='];
