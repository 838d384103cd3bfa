import Decimal from 'decimal.js';
import { formatDatetime, parseDatetime } from './datetime';
import { checkedDecimal, decimalOf } from './decimal';
import { scalarOf, toDynamic } from './dynamic';
import { JsonError, parseJson, stringifyJson } from './json';
import { fitsLong, normLong } from './long';
import { formatReal, parseReal } from './real';
import { formatTimespan, parseTimespan } from './timespan';
import type { Dynamic, ScalarType, Value } from './types';

const GUID = /^[{(]?([0-9a-f]{8})-?([0-9a-f]{4})-?([0-9a-f]{4})-?([0-9a-f]{4})-?([0-9a-f]{12})[)}]?$/i;
const INT32_MIN = -2147483648;
const INT32_MAX = 2147483647;

/**
 * A cell of type `from` as type `to`: what `toint`, `tostring`, … give; null (for string "") where it does not convert.
 * https://learn.microsoft.com/kusto/query/scalar-functions#conversion-functions
 */
export function convert(value: Value, from: ScalarType, to: ScalarType): Value {
  if (value === null) return to === 'string' ? '' : null;
  if (from === to) return value;
  if (to === 'dynamic') return from === 'string' ? (value as string) : toDynamic(value, from);
  if (from === 'dynamic') return convertDynamic(value as Dynamic, to);
  return CONVERTERS[to](value, from);
}

function convertDynamic(value: Dynamic, to: ScalarType): Value {
  const scalar = scalarOf(value);
  if (scalar) return convert(scalar.value, scalar.type, to);
  return to === 'string' ? stringifyJson(value) : null;
}

/** Text of any cell; "" for null. */
export function toText(value: Value, type: ScalarType): string {
  if (value === null) return '';
  switch (type) {
    case 'string':
    case 'guid':
      return value as string;
    case 'bool':
      return value ? 'true' : 'false';
    case 'real':
      return formatReal(value as number);
    case 'datetime':
      return formatDatetime(value as bigint);
    case 'timespan':
      return formatTimespan(value as bigint);
    case 'dynamic': {
      const scalar = scalarOf(value as Dynamic);
      return scalar ? toText(scalar.value, scalar.type) : stringifyJson(value as Dynamic);
    }
    default:
      return value instanceof Decimal ? value.toFixed() : String(value);
  }
}

/** Text → dynamic as `parse_json` reads it: text that is not JSON becomes a dynamic string, "" becomes null. */
export function parseDynamic(text: string): Dynamic {
  if (text === '') return null;
  try {
    return parseJson(text);
  } catch (error) {
    if (error instanceof JsonError) return text;
    throw error;
  }
}

/** Text of an integer, decimal or 0x-hexadecimal → long, or null. Hexadecimal digits are the bits of the number: 0xffffffffffffffff is -1. */
export function parseLong(text: string): number | bigint | null {
  const s = text.trim();
  if (/^[+-]?\d{1,15}$/.test(s)) return Number(s) + 0;
  const bits = hexBits(s, 64);
  if (bits !== undefined) return normLong(bits);
  if (!/^[+-]?\d{1,19}$/.test(s)) return null;
  const exact = BigInt(s.replace('+', ''));
  return fitsLong(exact) ? normLong(exact) : null;
}

/** 0x-hexadecimal text as a signed integer of so many bits. */
function hexBits(text: string, size: 32 | 64): bigint | undefined {
  const hex = /^([+-]?)0x([0-9a-f]{1,16})$/i.exec(text);
  if (!hex || hex[2]!.length > size / 4) return undefined;
  const bits = BigInt(`0x${hex[2]}`);
  return BigInt.asIntN(size, hex[1] === '-' ? -bits : bits);
}

function longOf(value: Value, from: ScalarType): number | bigint | null {
  switch (from) {
    case 'string': {
      const exact = parseLong(value as string);
      if (exact !== null) return exact;
      const real = parseReal(value as string);
      return real === null ? null : longOf(real, 'real');
    }
    case 'bool':
      return value ? 1 : 0;
    case 'real': {
      const whole = Math.trunc(value as number);
      if (!Number.isFinite(whole) || Math.abs(whole) > 9.3e18) return null;
      return Number.isSafeInteger(whole) ? whole + 0 : fitsLong(BigInt(whole)) ? normLong(BigInt(whole)) : null;
    }
    case 'decimal': {
      if ((value as Decimal).e > 19) return null;
      const whole = BigInt((value as Decimal).trunc().toFixed());
      return fitsLong(whole) ? normLong(whole) : null;
    }
    case 'datetime':
    case 'timespan':
      return normLong(value as bigint);
    case 'int':
    case 'long':
      return value as number | bigint;
    default:
      return null;
  }
}

const CONVERTERS: Record<Exclude<ScalarType, 'dynamic'>, (value: Value, from: ScalarType) => Value> = {
  string: toText,
  long: longOf,
  int(value, from) {
    const bits = from === 'string' ? hexBits((value as string).trim(), 32) : undefined;
    if (bits !== undefined) return Number(bits);
    const exact = longOf(value, from);
    return exact === null || exact < INT32_MIN || exact > INT32_MAX ? null : Number(exact);
  },
  real(value, from) {
    switch (from) {
      case 'string': {
        const real = parseReal(value as string);
        return real === null ? ((v) => (v === null ? null : Number(v)))(parseLong(value as string)) : real;
      }
      case 'bool':
        return value ? 1 : 0;
      case 'guid':
        return null;
      default:
        return Number(value);
    }
  },
  decimal(value, from) {
    if (from === 'bool') return new Decimal(value ? 1 : 0);
    if (from === 'string') {
      const text = (value as string).trim();
      return /^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$/.test(text) ? decimalOf(text) : null;
    }
    if (from === 'guid' || (from === 'real' && !Number.isFinite(value))) return null;
    return checkedDecimal(new Decimal(typeof value === 'bigint' ? value.toString() : (value as number)));
  },
  bool(value, from) {
    switch (from) {
      case 'string': {
        const text = (value as string).trim().toLowerCase();
        if (text === 'true') return true;
        if (text === 'false') return false;
        const number = parseLong(text);
        return number === null ? null : number !== 0;
      }
      case 'int':
      case 'long':
      case 'real':
        return value !== 0;
      case 'decimal':
        return !(value as Decimal).isZero();
      default:
        return null;
    }
  },
  datetime(value, from) {
    switch (from) {
      case 'string':
        return parseDatetime(value as string);
      case 'int':
      case 'long': {
        const ticks = BigInt(value as number | bigint);
        return ticks < 0n || ticks > 3_155_378_975_999_999_999n ? null : ticks;
      }
      default:
        return null;
    }
  },
  timespan(value, from) {
    switch (from) {
      case 'string':
        return parseTimespan(value as string);
      case 'int':
      case 'long':
        return BigInt(value as number | bigint);
      case 'real':
        return Number.isFinite(value) ? BigInt(Math.trunc(value as number)) : null;
      default:
        return null;
    }
  },
  guid(value, from) {
    if (from !== 'string') return null;
    const match = GUID.exec((value as string).trim());
    return match ? match.slice(1).join('-').toLowerCase() : null;
  },
};
