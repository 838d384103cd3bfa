import type Decimal from 'decimal.js';
import { invalid } from '../../../errors';
import { checkedDatetime, floorDiv } from '../../../values/datetime';
import { normLong } from '../../../values/long';
import type { ScalarType, Value } from '../../../values/types';
import { isNumeric, numberOf, toDecimal, widestNumber } from '../../support/numbers';

/** `value` rounded down to `origin` + a multiple of `size`. */
export type Binner = (value: Value, size: Value, origin: Value | undefined) => Value;

/** The type of `bin(value, size)`: the wider of numbers, at least long; else that of the value. */
export function binType(types: readonly ScalarType[]): ScalarType {
  const [value] = types;
  if (value !== undefined && (value === 'datetime' || value === 'timespan')) return value;
  return widestNumber(['long', ...types]);
}

/** Null for a size of 0 or less. Throws KqlError for types that cannot be binned. */
export function binner(types: readonly ScalarType[]): Binner {
  const type = binType(types);
  switch (type) {
    case 'datetime':
    case 'timespan':
      return (value, size, origin) => ticksBin(type, value, wholeTicks(size), origin);
    case 'decimal':
      return (value, size, origin) => decimalBin(toDecimal(value), toDecimal(size), toDecimal(origin ?? 0));
    case 'real':
      return (value, size, origin) => realBin(Number(value), Number(size), Number(origin ?? 0));
    default: {
      const read = (cell: Value, i: number): number | bigint | null => {
        const number = isNumeric(types[i]!) ? (cell as number | bigint) : numberOf(cell, types[i]!);
        return typeof number === 'object' ? null : number;
      };
      if (types.some((given) => given === 'string' || given === 'guid' || given === 'bool')) {
        throw invalid(`bin() does not take ${types.join(' and ')}`);
      }
      return (value, size, origin) =>
        longBin(read(value, 0), read(size, 1), origin === undefined ? 0 : read(origin, 2));
    }
  }
}

/** A size given as a number counts ticks. */
const wholeTicks = (size: Value): bigint => {
  if (typeof size === 'bigint') return size;
  const ticks = Math.trunc(Number(size));
  return Number.isFinite(ticks) ? BigInt(ticks) : 0n;
};

function ticksBin(type: ScalarType, value: Value, size: bigint, origin: Value | undefined): bigint | null {
  if (size <= 0n) return null;
  const from = BigInt((origin ?? 0n) as bigint);
  const ticks = floorDiv((value as bigint) - from, size) * size + from;
  return type === 'datetime' ? checkedDatetime(ticks) : ticks;
}

function longBin(value: number | bigint | null, size: number | bigint | null, origin: number | bigint | null): Value {
  if (value === null || size === null || origin === null || size <= 0) return null;
  if (typeof value === 'number' && typeof size === 'number' && origin === 0 && Number.isInteger(value)) {
    const down = Math.floor(value / size) * size;
    // The quotient is rounded beyond 2^53: then only whole arithmetic is right.
    if (Number.isSafeInteger(down) && down <= value && value - down < size) return down + 0;
  }
  const from = BigInt(Math.trunc(Number(origin)));
  return normLong(floorDiv(BigInt(value) - from, BigInt(size)) * BigInt(size) + from);
}

function realBin(value: number, size: number, origin: number): number | null {
  return size > 0 ? Math.floor((value - origin) / size) * size + origin + 0 : null;
}

function decimalBin(value: Decimal, size: Decimal, origin: Decimal): Decimal | null {
  if (!size.greaterThan(0)) return null;
  const down = value.minus(origin).div(size).floor().times(size).plus(origin);
  return down.isFinite() ? down : null;
}
