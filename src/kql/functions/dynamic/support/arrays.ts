import { keyText } from '../../../values/compare';
import { type Dynamic, DynamicScalar } from '../../../values/types';

/** Most items of an array that a function makes, Kusto's own limit for `range`: beyond it the result is null or cut. */
export const MAX_ARRAY = 1_048_576;

/** The array, or null for any other dynamic. */
export const arrayOf = (value: Dynamic): Dynamic[] | null => (Array.isArray(value) ? value : null);

/** A text that two dynamics share exactly when `dynamicEquals` holds for them: 1 and 1.0 are one element of a set. */
function elementKey(value: Dynamic): string {
  if (typeof value === 'number' || typeof value === 'bigint') return `n${value}`;
  if (value instanceof DynamicScalar && value.type === 'real') return `n${value.value as number}`;
  return keyText(value, 'dynamic');
}

/** Distinct elements by key, in order of first occurrence. */
export function distinct(items: Iterable<Dynamic>): Map<string, Dynamic> {
  const found = new Map<string, Dynamic>();
  for (const item of items) {
    const key = elementKey(item);
    if (!found.has(key)) found.set(key, item);
  }
  return found;
}

/** An index as Kusto counts: negative from the end. May lie outside the array. */
export const fromEnd = (index: number | bigint, length: number): number => {
  const i = Number(index);
  return i < 0 ? length + i : i;
};
