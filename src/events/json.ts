import { randomUUID } from 'node:crypto';

export type JsonObject = Record<string, unknown>;

/** Deepest nesting of objects and arrays in a record. */
export const MAX_DEPTH = 64;

export const isObject = (value: unknown): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** The value of an own property, else `undefined`: `constructor` and its like are not columns of every row. */
export const own = (object: JsonObject, name: string): unknown =>
  Object.hasOwn(object, name) ? object[name] : undefined;

/** What `own` gives if it is an object, else an empty one. */
export const ownObject = (object: JsonObject, name: string): JsonObject => {
  const value = own(object, name);
  return isObject(value) ? value : {};
};

/** A scalar as text, as a shipper's number or boolean stood in the event; `undefined` for null and what is not there. */
export function scalarText(value: unknown): string | undefined {
  if (typeof value === 'string') return value;
  if (typeof value === 'number' || typeof value === 'bigint' || typeof value === 'boolean') return String(value);
  return undefined;
}

/** A whole number given as number or decimal text, else `undefined`. */
export function integer(value: unknown): number | undefined {
  const number = typeof value === 'string' && /^\s*-?\d{1,15}\s*$/.test(value) ? Number(value) : value;
  return typeof number === 'number' && Number.isSafeInteger(number) ? number : undefined;
}

/** JSON text of any decoded value; a bigint as the digits it came from. */
export const toJson = (value: unknown): string =>
  JSON.stringify(value, (_key, item) => (typeof item === 'bigint' ? item.toString() : item)) ?? 'null';

/** What must be known of a value before it is used: nested too deep, or holding a whole number that a double rounds. */
export function inspect(value: unknown): 'fine' | 'too-deep' | 'rounded' {
  let rounded = false;
  let level: unknown[] = [value];
  for (let depth = 0; level.length > 0; depth++) {
    const next: unknown[] = [];
    for (const item of level) {
      if (typeof item === 'number') rounded ||= Number.isInteger(item) && !Number.isSafeInteger(item);
      else if (typeof item === 'object' && item !== null) collectChildren(item, next);
    }
    if (depth > MAX_DEPTH && next.length > 0) return 'too-deep';
    level = next;
  }
  return rounded ? 'rounded' : 'fine';
}

function collectChildren(item: object, into: unknown[]): void {
  for (const key in item) {
    const child = (item as JsonObject)[key];
    if (typeof child === 'number' || (typeof child === 'object' && child !== null)) into.push(child);
  }
}

/**
 * `JSON.parse` that keeps whole numbers of 16 to 20 digits exact, as `bigint`.
 * Slower than `JSON.parse`: for texts in which `inspect` has seen a rounded number.
 * @throws SyntaxError as JSON.parse does
 */
export function parseExact(text: string): unknown {
  const mark = `${randomUUID()}:`;
  let marked = '';
  let copied = 0;
  let at = 0;
  while (at < text.length) {
    const code = text.charCodeAt(at);
    if (code === 0x22) {
      at = endOfString(text, at);
    } else if (code === 0x2d || (code >= 0x30 && code <= 0x39)) {
      let end = at + 1;
      while (end < text.length && /[0-9.eE+-]/.test(text[end]!)) end++;
      const literal = text.slice(at, end);
      if (/^-?[1-9]\d{15,19}$/.test(literal)) {
        marked += `${text.slice(copied, at)}"${mark}${literal}"`;
        copied = end;
      }
      at = end;
    } else at++;
  }
  return restore(JSON.parse(marked + text.slice(copied)), mark);
}

function endOfString(text: string, start: number): number {
  let at = start + 1;
  while (at < text.length) {
    const code = text.charCodeAt(at);
    if (code === 0x22) return at + 1;
    at += code === 0x5c ? 2 : 1;
  }
  return at;
}

function restore(root: unknown, mark: string): unknown {
  const holder: JsonObject = { root };
  const open: JsonObject[] = [holder];
  for (let object = open.pop(); object !== undefined; object = open.pop()) {
    for (const key of Object.keys(object)) {
      const value = object[key];
      if (typeof value === 'string' && value.startsWith(mark)) {
        const exact = BigInt(value.slice(mark.length));
        const rounds = !Number.isSafeInteger(Number(exact));
        Object.defineProperty(object, key, {
          value: rounds ? exact : Number(exact),
          enumerable: true,
          writable: true,
          configurable: true,
        });
      } else if (typeof value === 'object' && value !== null) open.push(value as JsonObject);
    }
  }
  return holder.root;
}

const isOpening = (code: number): boolean => code === 0x7b || code === 0x5b;
const isClosing = (code: number): boolean => code === 0x7d || code === 0x5d;

/**
 * Ends of the JSON objects or arrays that stand one after another in `text`, white space between them: the pieces as text, and the `rest`
 * that does not end. Brackets that close nothing are one piece with those that follow. Of more than `most` pieces the rest is `undefined`.
 */
export function splitConcatenated(text: string, most: number): { pieces: string[]; rest: string | undefined } {
  const pieces: string[] = [];
  let depth = 0;
  let start = 0;
  for (let at = 0; at < text.length; ) {
    const code = text.charCodeAt(at);
    if (code === 0x22) {
      at = endOfString(text, at);
      continue;
    }
    if (isOpening(code)) depth++;
    else if (isClosing(code) && --depth <= 0) {
      if (depth < 0) while (isClosing(text.charCodeAt(at + 1))) at++;
      depth = 0;
      if (pieces.length === most) return { pieces, rest: undefined };
      pieces.push(text.slice(start, at + 1).trim());
      start = at + 1;
    }
    at++;
  }
  return { pieces, rest: text.slice(start).trim() };
}
