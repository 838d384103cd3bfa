import type { AlertJson } from '../sink';

/**
 * The field of a cut alert that says what was cut: for each field the elements (array), entries (object) or characters
 * (string) that are left and that there were. The whole alert stays in the outbox.
 */
export const CUT_FIELD = 'Truncated';

export interface Cut {
  readonly value: unknown;
  readonly kept: number;
  readonly of: number;
}

const MAX_DEPTH = 32;
const MARKER = '…';

/** UTF-8 bytes of the JSON of a value. */
export function jsonBytes(value: unknown): number {
  const text = JSON.stringify(value);
  return text === undefined ? 0 : Buffer.byteLength(text);
}

/**
 * The start of a value whose JSON has at most `bytes` UTF-8 bytes (at least 64): the first elements of an array, the
 * first entries of an object, the first characters of a text; the first that does not fit is cut itself.
 *
 * @returns undefined when the value fits as it is
 */
export function cutValue(value: unknown, bytes: number): Cut | undefined {
  return jsonBytes(value) <= bytes ? undefined : cutLarge(value, bytes, 0);
}

function cutLarge(value: unknown, bytes: number, depth: number): Cut {
  if (typeof value === 'string') return cutText(value, bytes);
  if (typeof value !== 'object' || value === null || depth === MAX_DEPTH) return { value: MARKER, kept: 0, of: 1 };
  return Array.isArray(value) ? cutArray(value, bytes, depth) : cutObject(value, bytes, depth);
}

function cutText(text: string, bytes: number): Cut {
  let low = 0;
  let high = text.length;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (jsonBytes(text.slice(0, middle) + MARKER) <= bytes) low = middle;
    else high = middle - 1;
  }
  const last = text.charCodeAt(low - 1);
  if (last >= 0xd800 && last <= 0xdbff) low--;
  return { value: text.slice(0, low) + MARKER, kept: low, of: text.length };
}

/** Below this it is not worth cutting into a part. */
const SMALLEST = 64;

function cutArray(values: readonly unknown[], bytes: number, depth: number): Cut {
  const kept: unknown[] = [];
  let used = 2;
  for (const value of values) {
    const size = jsonBytes(value) + 1;
    if (used + size > bytes) {
      if (kept.length === 0 && bytes - used > SMALLEST) kept.push(cutLarge(value, bytes - used - 1, depth + 1).value);
      break;
    }
    kept.push(value);
    used += size;
  }
  return { value: kept, kept: kept.length, of: values.length };
}

function cutObject(object: object, bytes: number, depth: number): Cut {
  const entries = Object.entries(object);
  const kept: [string, unknown][] = [];
  let used = 2;
  for (const [name, value] of entries) {
    const nameSize = jsonBytes(name) + 2;
    const size = nameSize + jsonBytes(value);
    const room = bytes - used - nameSize;
    if (size > bytes - used && room <= SMALLEST) continue;
    const fitting = size <= bytes - used ? value : cutLarge(value, room, depth + 1).value;
    kept.push([name, fitting]);
    used += nameSize + jsonBytes(fitting);
  }
  return { value: Object.fromEntries(kept), kept: kept.length, of: entries.length };
}

/**
 * An alert whose JSON has at most `bytes` UTF-8 bytes: the largest fields are cut, the results first, and
 * {@link CUT_FIELD} says so. Ids, times and other short fields always stay.
 *
 * @param bytes at least 16,384
 * @returns undefined when the alert fits as it is
 */
export function cutAlert(alert: AlertJson, bytes: number): AlertJson | undefined {
  if (jsonBytes(alert) <= bytes) return undefined;
  const fields: AlertJson & Record<string, unknown> = { ...alert };
  const cuts: Record<string, { kept: number; of: number }> = {};
  const sizes = new Map(Object.entries(fields).map(([name, value]) => [name, jsonBytes(value)]));
  const order = [...sizes.keys()].sort(
    (a, b) => Number(b === 'Results') - Number(a === 'Results') || sizes.get(b)! - sizes.get(a)!,
  );
  for (const name of order) {
    const excess = jsonBytes({ ...fields, [CUT_FIELD]: cuts }) + 128 - bytes;
    if (excess <= 0) break;
    const cut = cutValue(fields[name], Math.max(1024, sizes.get(name)! - excess));
    if (!cut) continue;
    fields[name] = cut.value;
    cuts[name] = { kept: cut.kept, of: cut.of };
  }
  fields[CUT_FIELD] = cuts;
  return fields;
}
