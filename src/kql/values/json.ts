import { KqlError } from '../errors';
import { meter } from '../meter';
import { formatDatetime } from './datetime';
import { fitsLong, normLong } from './long';
import { formatReal } from './real';
import { formatTimespan } from './timespan';
import { type Dynamic, DynamicScalar } from './types';

/** Deepest nesting read: deeper text is not JSON to us, so that an attacker cannot exhaust the stack. */
const MAX_JSON_DEPTH = 256;

/** Thrown by `parseJson`; `offset` counts UTF-16 units. */
export class JsonError extends Error {
  constructor(
    message: string,
    readonly offset: number,
  ) {
    super(message);
  }
}

/**
 * JSON text → dynamic, exactly: integers stay longs to 64 bits, `1.0` stays a real, objects become Maps (the last of two equal
 * keys wins). Throws `JsonError`. JSON.parse would round longs and tell 1.0 from 1 no more.
 */
export function parseJson(text: string): Dynamic {
  const reader = new Reader(text);
  const value = reader.value(0);
  reader.blank();
  if (reader.at < text.length) throw new JsonError('text after the value', reader.at);
  return value;
}

class Reader {
  at = 0;
  constructor(private readonly text: string) {}

  blank(): void {
    for (;;) {
      const c = this.text.charCodeAt(this.at);
      if (c === 32 || c === 10 || c === 13 || c === 9) this.at++;
      else return;
    }
  }

  value(depth: number): Dynamic {
    if (depth > MAX_JSON_DEPTH) throw new JsonError('nested too deeply', this.at);
    this.blank();
    switch (this.text[this.at]) {
      case '{':
        return this.bag(depth);
      case '[':
        return this.array(depth);
      case '"':
        return this.string();
      case 't':
        return this.word('true', true);
      case 'f':
        return this.word('false', false);
      case 'n':
        return this.word('null', null);
      default:
        return this.number();
    }
  }

  private bag(depth: number): Dynamic {
    const bag = new Map<string, Dynamic>();
    this.at++;
    this.blank();
    if (this.text[this.at] === '}') {
      this.at++;
      return bag;
    }
    for (;;) {
      this.blank();
      if (this.text[this.at] !== '"') throw new JsonError('a key is expected', this.at);
      const key = this.string();
      this.blank();
      if (this.text[this.at] !== ':') throw new JsonError("':' is expected", this.at);
      this.at++;
      bag.set(key, this.value(depth + 1));
      if (this.closes('}')) return bag;
    }
  }

  private array(depth: number): Dynamic {
    const items: Dynamic[] = [];
    this.at++;
    this.blank();
    if (this.text[this.at] === ']') {
      this.at++;
      return items;
    }
    for (;;) {
      items.push(this.value(depth + 1));
      if (this.closes(']')) return items;
    }
  }

  private closes(end: string): boolean {
    this.blank();
    const c = this.text[this.at];
    if (c !== ',' && c !== end) throw new JsonError(`',' or '${end}' is expected`, this.at);
    this.at++;
    return c === end;
  }

  private word<T>(word: string, value: T): T {
    if (!this.text.startsWith(word, this.at)) throw new JsonError('unknown word', this.at);
    this.at += word.length;
    return value;
  }

  private string(): string {
    const start = this.at;
    for (let i = start + 1; i < this.text.length; i++) {
      const c = this.text.charCodeAt(i);
      if (c === 34) {
        this.at = i + 1;
        return this.text.slice(start + 1, i);
      }
      if (c === 92) return this.escapedString(start, i);
      if (c < 32) throw new JsonError('control character in a string', i);
    }
    throw new JsonError('unterminated string', start);
  }

  private escapedString(start: number, from: number): string {
    for (let i = from; i < this.text.length; i++) {
      const c = this.text.charCodeAt(i);
      if (c === 92) i++;
      else if (c === 34) {
        this.at = i + 1;
        try {
          return JSON.parse(this.text.slice(start, i + 1)) as string;
        } catch {
          throw new JsonError('bad escape in a string', start);
        }
      }
    }
    throw new JsonError('unterminated string', start);
  }

  private number(): Dynamic {
    const pattern = /-?(?:0|[1-9]\d*)(\.\d+)?([eE][+-]?\d+)?/y;
    pattern.lastIndex = this.at;
    const match = pattern.exec(this.text);
    if (!match) throw new JsonError(this.at < this.text.length ? 'not a JSON value' : 'unexpected end', this.at);
    this.at = pattern.lastIndex;
    if (match[1] === undefined && match[2] === undefined) {
      if (match[0].length < 16) return Number(match[0]) + 0;
      const exact = BigInt(match[0]);
      return fitsLong(exact) ? normLong(exact) : dynamicReal(Number(match[0]));
    }
    return dynamicReal(Number(match[0]));
  }
}

/** A real as a dynamic: a whole one is wrapped, to stay a real. */
export const dynamicReal = (value: number): Dynamic =>
  Number.isInteger(value) ? new DynamicScalar('real', value) : value;

/** Longest JSON text of a dynamic, in UTF-16 units. */
const LONGEST = 256 * 1024 * 1024;
let left = LONGEST;

/** Dynamic → compact JSON text, keys in their order. Throws KqlError of kind `run` where that is too long. */
export function stringifyJson(value: Dynamic): string {
  if (typeof value === 'string') return JSON.stringify(value);
  left = Math.min(LONGEST, meter.text);
  return write(value);
}

/** Whether reading the JSON text of an array or bag, or of nothing, gives the same again. A text, for one, would be read as JSON itself. */
export function isAsItsJson(value: Dynamic, depth: number): boolean {
  if (value === null) return true;
  if (depth > MAX_JSON_DEPTH) return false;
  switch (typeof value) {
    case 'string':
      return depth > 0;
    case 'boolean':
      return true;
    case 'number':
      return Number.isSafeInteger(value) && !Object.is(value, -0);
    case 'bigint':
      return false;
    default:
  }
  if (value instanceof DynamicScalar) return false;
  if (Array.isArray(value)) {
    for (const item of value) if (!isAsItsJson(item, depth + 1)) return false;
    return true;
  }
  for (const item of value.values()) if (!isAsItsJson(item, depth + 1)) return false;
  return true;
}

/** Text on its way into a longer one: counted as it is made, for what stands in a dynamic twice is written twice. */
function counted(text: string): string {
  left -= text.length;
  if (left < 0) {
    if (meter.text < LONGEST) meter.refuseText();
    throw new KqlError(
      'run',
      `the text of a dynamic value is longer than ${LONGEST / (1024 * 1024)} million characters`,
    );
  }
  return text;
}

function write(value: Dynamic): string {
  if (value === null || value === undefined) return 'null';
  switch (typeof value) {
    case 'string':
      return counted(quoted(value));
    case 'number':
      return Number.isInteger(value)
        ? String(value)
        : Number.isFinite(value)
          ? formatReal(value)
          : `"${formatReal(value)}"`;
    case 'bigint':
    case 'boolean':
      return String(value);
    default:
  }
  if (value instanceof DynamicScalar) {
    return value.type === 'real' ? formatReal(value.value as number) : JSON.stringify(scalarText(value));
  }
  left -= 1;
  let text = '';
  if (Array.isArray(value)) {
    for (const item of value) text += text === '' ? write(item) : `,${write(item)}`;
    return `[${text}]`;
  }
  for (const [key, item] of value) text += `${text === '' ? '' : ','}${counted(quoted(key))}:${write(item)}`;
  return `{${text}}`;
}

/** What a JSON string cannot hold as it is. */
const ESCAPED = /["\\\u0000-\u001f\ud800-\udfff]/;
const quoted = (text: string): string => (ESCAPED.test(text) ? JSON.stringify(text) : `"${text}"`);

/** The text of a typed scalar inside a dynamic, without quotes. */
export function scalarText(scalar: DynamicScalar): string {
  switch (scalar.type) {
    case 'datetime':
      return formatDatetime(scalar.value as bigint);
    case 'timespan':
      return formatTimespan(scalar.value as bigint);
    case 'real':
      return formatReal(scalar.value as number);
    default:
      return String(scalar.value);
  }
}
