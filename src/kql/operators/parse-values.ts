import { convert, parseDynamic, parseLong } from '../values/convert';
import { parseReal } from '../values/real';
import type { ScalarType, Value } from '../values/types';

const INT32_MIN = -2147483648;
const INT32_MAX = 2147483647;

/** Captured text as a cell; null where it is not one of that type. Stricter than `tolong` and the like: 1.5 is no long. */
export function captured(text: string, type: ScalarType): Value {
  switch (type) {
    case 'string':
      return text;
    case 'long':
      return parseLong(text);
    case 'int': {
      const value = parseLong(text);
      return value !== null && value >= INT32_MIN && value <= INT32_MAX ? Number(value) : null;
    }
    case 'real':
      return parseReal(text);
    case 'dynamic':
      return parseDynamic(text);
    default:
      return convert(text, 'string', type);
  }
}

const PREFIXES: Partial<Record<ScalarType, RegExp>> = {
  int: /[+-]?(?:0x[0-9a-f]+|\d+)/iy,
  long: /[+-]?(?:0x[0-9a-f]+|\d+)/iy,
  real: /[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?/iy,
  decimal: /[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?/iy,
  bool: /true|false|[01]/iy,
  guid: /[{(]?[0-9a-f]{8}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{12}[)}]?/iy,
  timespan: /-?(?:\d{1,8}\.)?\d{1,2}:\d{1,2}(?::\d{1,2}(?:\.\d{1,7})?)?|-?\d+(?:\.\d+)?[a-z]*/iy,
};
const LONGEST_DATETIME = 40;

/** The value that stands at `at` where no delimiter says how long it is (a typed column before `*`), and where it ends. */
export function capturedPrefix(text: string, at: number, type: ScalarType): { value: Value; end: number } {
  const none = { value: null, end: at };
  if (type === 'datetime') {
    for (let end = Math.min(text.length, at + LONGEST_DATETIME); end >= at + 4; end--) {
      // A date does not end inside a word or number, nor with blanks.
      if (/\s/.test(text[end - 1]!) || (isWordAt(text, end - 1) && isWordAt(text, end))) continue;
      const value = captured(text.slice(at, end), type);
      if (value !== null) return { value, end };
    }
    return none;
  }
  const pattern = PREFIXES[type];
  if (!pattern) return none;
  pattern.lastIndex = at;
  const match = pattern.exec(text);
  if (!match) return none;
  const value = captured(match[0], type);
  return value === null ? none : { value, end: at + match[0].length };
}

const isWordAt = (text: string, at: number): boolean => /[0-9A-Za-z]/.test(text[at] ?? ' ');
