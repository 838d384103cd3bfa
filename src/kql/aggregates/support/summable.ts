import Decimal from 'decimal.js';
import { invalid } from '../../errors';
import type { Encoded } from '../../values/codec';
import { scalarOf } from '../../values/dynamic';
import type { Dynamic, ScalarType, Value } from '../../values/types';
import { ExactSum } from './exact-sum';

/** Decimals added without rounding: 34 digits each, over all exponents that a decimal may have, and the carries of any number of them. */
const WideDecimal = Decimal.clone({ precision: 12_400 });

/** A running total of one type, exact, with how many terms it has. */
export interface Total {
  n: number;
  real: ExactSum;
  /** Integers and ticks. */
  integer: number | bigint;
  decimal: Decimal;
}

export type Summable = 'integer' | 'real' | 'decimal' | 'ticks';

/** How a column type is summed. Throws KqlError for one that is not. */
export function summable(name: string, type: ScalarType): Summable {
  switch (type) {
    case 'int':
    case 'long':
      return 'integer';
    case 'real':
    case 'dynamic':
      return 'real';
    case 'decimal':
      return 'decimal';
    case 'timespan':
    case 'datetime':
      return 'ticks';
    default:
      throw invalid(`${name}() cannot add values of type ${type}`);
  }
}

export const newTotal = (): Total => ({ n: 0, real: new ExactSum(), integer: 0, decimal: new WideDecimal(0) });

/** Adds a cell; null adds nothing. */
export function addTotal(total: Total, value: Value, kind: Summable): void {
  if (value === null) return;
  if (kind === 'real') {
    const number = typeof value === 'number' ? value : numberOf(value as Dynamic);
    if (number === null) return;
    total.real.add(number);
  } else if (kind === 'decimal') total.decimal = total.decimal.plus(value as Decimal);
  else total.integer = addExact(total.integer, value as number | bigint);
  total.n++;
}

export function mergeTotal(into: Total, other: Total): void {
  into.n += other.n;
  into.real.merge(other.real);
  into.integer = addExact(into.integer, other.integer);
  into.decimal = into.decimal.plus(other.decimal);
}

export const saveTotal = (total: Total, kind: Summable): Encoded => [
  total.n,
  kind === 'real' ? total.real.save() : kind === 'decimal' ? total.decimal.toString() : total.integer.toString(),
];

export function loadTotal(saved: Encoded, kind: Summable): Total {
  const [n, sum] = saved as [number, Encoded];
  const total = newTotal();
  total.n = n;
  if (kind === 'real') total.real = ExactSum.load(sum);
  else if (kind === 'decimal') total.decimal = new WideDecimal(sum as string);
  else total.integer = narrow(BigInt(sum as string));
  return total;
}

const narrow = (value: bigint): number | bigint =>
  value >= -9007199254740991n && value <= 9007199254740991n ? Number(value) : value;

/** Integer addition beyond 64 bits too: the wrap, if any, comes at the end, so that it does not depend on order. */
function addExact(a: number | bigint, b: number | bigint): number | bigint {
  if (typeof a === 'number' && typeof b === 'number') {
    const sum = a + b;
    if (Number.isSafeInteger(sum)) return sum;
  }
  return narrow(BigInt(a) + BigInt(b));
}

/** A number inside a dynamic, or null. */
export function numberOf(value: Dynamic): number | null {
  const scalar = scalarOf(value);
  switch (scalar?.type) {
    case 'long':
    case 'real':
    case 'decimal':
      return Number(scalar.value);
    default:
      return null;
  }
}
