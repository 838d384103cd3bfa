import type { Bag, Dynamic } from '../../../values/types';

const MAX_DEPTH = 64;
const STEP = /\.([^.[\]]+)|\['((?:[^'\\]|\\.)*)'\]|\["((?:[^"\\]|\\.)*)"\]/y;

/**
 * The keys that a key argument leads through: a plain name is one key, `$.a.b` or `$['a']['b']` a path. Null for a path that is
 * not supported: array indexes, wildcards, the root alone.
 */
export function keyPath(text: string): readonly string[] | null {
  if (text[0] !== '$' || (text.length > 1 && text[1] !== '.' && text[1] !== '[')) return [text];
  const keys: string[] = [];
  STEP.lastIndex = 1;
  while (STEP.lastIndex < text.length) {
    const step = STEP.exec(text);
    if (step === null || keys.length === MAX_DEPTH) return null;
    keys.push(step[1] ?? (step[2] ?? step[3] ?? '').replace(/\\(.)/g, '$1'));
  }
  return keys.length === 0 ? null : keys;
}

/** Whether the path leads to a value, null included. */
export function hasPath(bag: Bag, path: readonly string[]): boolean {
  let at: Dynamic = bag;
  for (const key of path) {
    if (!(at instanceof Map) || !at.has(key)) return false;
    at = at.get(key) ?? null;
  }
  return true;
}

/** A copy of the bag with the value at the path; bags are made on the way, what is no bag is replaced. */
export function withPath(bag: Bag, path: readonly string[], value: Dynamic): Bag {
  const copy = new Map(bag);
  const [key, ...rest] = path as [string, ...string[]];
  const inner = copy.get(key);
  copy.set(key, rest.length === 0 ? value : withPath(inner instanceof Map ? inner : new Map(), rest, value));
  return copy;
}

/** A copy of the bag without what stands at the path. */
export function withoutPath(bag: Bag, path: readonly string[]): Bag {
  const [key, ...rest] = path as [string, ...string[]];
  const inner = bag.get(key);
  if (inner === undefined || (rest.length > 0 && !(inner instanceof Map))) return bag;
  const copy = new Map(bag);
  if (rest.length === 0) copy.delete(key);
  else copy.set(key, withoutPath(inner as Bag, rest));
  return copy;
}
