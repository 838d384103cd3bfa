import Decimal from 'decimal.js';
import { parseLong } from '../../values/convert';
import { Decimal128 } from '../../values/decimal';
import { scalarOf } from '../../values/dynamic';
import { parseReal } from '../../values/real';
import type { Dynamic, ScalarType, Value } from '../../values/types';

export { Decimal128 };

export const isNumeric = (type: ScalarType): boolean =>
  type === 'int' || type === 'long' || type === 'real' || type === 'decimal';

export const isInteger = (type: ScalarType): boolean => type === 'int' || type === 'long';

/** The widest of several numeric types: decimal, real, long, int. */
export function widestNumber(types: readonly ScalarType[]): ScalarType {
  for (const type of ['decimal', 'real', 'long'] as const) if (types.includes(type)) return type;
  return 'int';
}

/** A number cell (of any numeric type) as decimal. */
export const toDecimal = (value: Value): Decimal =>
  new Decimal128(value instanceof Decimal ? value : typeof value === 'bigint' ? value.toString() : (value as number));

/** Any cell as a number that can be compared exactly (number, bigint or Decimal), or null where it is none. */
export function numberOf(value: Value, type: ScalarType): number | bigint | Decimal | null {
  if (value === null) return null;
  switch (type) {
    case 'bool':
      return value ? 1 : 0;
    case 'string':
      return parseLong(value as string) ?? parseReal(value as string);
    case 'dynamic': {
      const scalar = scalarOf(value as Dynamic);
      return scalar ? numberOf(scalar.value, scalar.type) : null;
    }
    case 'guid':
      return null;
    default:
      return value as number | bigint | Decimal;
  }
}
