import type Decimal from 'decimal.js';
import { invalid } from '../../errors';
import { convert } from '../../values/convert';
import { checkedDatetime } from '../../values/datetime';
import { scalarOf, toDynamic } from '../../values/dynamic';
import { addLong, divLong, fitsLong, modLong, mulLong, subLong } from '../../values/long';
import type { Dynamic, ScalarType, Value } from '../../values/types';
import { isNumeric, toDecimal, widestNumber } from './numbers';

export type ArithmeticOperator = '+' | '-' | '*' | '/' | '%';

/** An operator settled for two types: the type of the result, and its value for two cells that are not null. */
export interface Arithmetic {
  readonly type: ScalarType;
  readonly apply: (a: Value, b: Value) => Value;
}

type Apply = Arithmetic['apply'];
type Long = number | bigint;

/**
 * https://learn.microsoft.com/kusto/query/numerical-operators and
 * https://learn.microsoft.com/kusto/query/datetime-timespan-arithmetic. Integers give long and wrap at 64 bits; a decimal makes the result decimal,
 * else a real makes it real. Division of integers truncates; by zero it is null. `%` is never negative. A datetime or timespan out of
 * range is null. Throws KqlError where Kusto defines no such operation.
 */
export function arithmetic(operator: ArithmeticOperator, left: ScalarType, right: ScalarType): Arithmetic {
  const found = resolve(operator, left, right);
  if (!found) throw invalid(`operator '${operator}' is not defined for ${left} and ${right}`);
  return found;
}

function resolve(operator: ArithmeticOperator, left: ScalarType, right: ScalarType): Arithmetic | undefined {
  if (left === 'dynamic' || right === 'dynamic') return withDynamic(operator, left, right);
  if (isNumeric(left) && isNumeric(right)) {
    const type = widestNumber([left, right]);
    if (type === 'decimal') return { type, apply: DECIMAL[operator] };
    if (type === 'real') return { type, apply: REAL[operator] };
    return { type: 'long', apply: LONG[operator] };
  }
  return isTicks(left) || isTicks(right) ? withTicks(operator, left, right) : undefined;
}

const isTicks = (type: ScalarType): boolean => type === 'datetime' || type === 'timespan';

const LONG: Record<ArithmeticOperator, Apply> = {
  '+': (a, b) => addLong(a as Long, b as Long),
  '-': (a, b) => subLong(a as Long, b as Long),
  '*': (a, b) => mulLong(a as Long, b as Long),
  '/': (a, b) => divLong(a as Long, b as Long),
  '%': (a, b) => modLong(a as Long, b as Long),
};

/** Operands may be longs beyond 2^53. */
const REAL: Record<ArithmeticOperator, Apply> = {
  '+': (a, b) => Number(a) + Number(b),
  '-': (a, b) => Number(a) - Number(b),
  '*': (a, b) => Number(a) * Number(b),
  '/': (a, b) => Number(a) / Number(b),
  '%': (a, b) => modReal(Number(a), Number(b)),
};

function modReal(a: number, b: number): number {
  const rest = a % b;
  return rest < 0 ? rest + Math.abs(b) : rest + 0;
}

/** Operands of any numeric type; null where the result is no number, or the operand is a real that is none. */
const decimalOf =
  (compute: (a: Decimal, b: Decimal) => Decimal): Apply =>
  (a, b) => {
    const result = compute(toDecimal(a), toDecimal(b));
    return result.isFinite() ? result : null;
  };

const DECIMAL: Record<ArithmeticOperator, Apply> = {
  '+': decimalOf((a, b) => a.plus(b)),
  '-': decimalOf((a, b) => a.minus(b)),
  '*': decimalOf((a, b) => a.times(b)),
  '/': decimalOf((a, b) => a.dividedBy(b)),
  '%': decimalOf((a, b) => {
    const rest = a.modulo(b);
    return rest.isNegative() && !rest.isZero() ? rest.plus(b.abs()) : rest;
  }),
};

const checkedTimespan = (ticks: bigint): bigint | null => (fitsLong(ticks) ? ticks : null);

/** Ticks as the type says, or null out of its range. */
const checked =
  (type: ScalarType, compute: (a: bigint, b: bigint) => bigint | null): Apply =>
  (a, b) => {
    const ticks = compute(a as bigint, b as bigint);
    if (ticks === null) return null;
    return type === 'datetime' ? checkedDatetime(ticks) : checkedTimespan(ticks);
  };

const modTicks = (a: bigint, b: bigint): bigint | null => {
  if (b === 0n) return null;
  const rest = a % b;
  return rest < 0n ? rest + (b < 0n ? -b : b) : rest;
};

/** Ticks × number; integers exactly, others rounded to the nearest tick. */
function scale(ticks: bigint, factor: Value, divide: boolean): bigint | null {
  if (typeof factor === 'bigint' || Number.isInteger(factor)) {
    const exact = BigInt(factor as Long);
    return divide ? (exact === 0n ? null : ticks / exact) : ticks * exact;
  }
  const result = divide ? Number(ticks) / Number(factor) : Number(ticks) * Number(factor);
  return Number.isFinite(result) ? BigInt(Math.round(result)) : null;
}

function withTicks(operator: ArithmeticOperator, left: ScalarType, right: ScalarType): Arithmetic | undefined {
  const ticks = (type: ScalarType, compute: (a: bigint, b: bigint) => bigint | null): Arithmetic => ({
    type,
    apply: checked(type, compute),
  });
  if (isTicks(left) && isTicks(right)) {
    const anyDatetime = left === 'datetime' || right === 'datetime';
    switch (operator) {
      case '+':
        return ticks(anyDatetime ? 'datetime' : 'timespan', (a, b) => a + b);
      case '-':
        return ticks(left === right ? 'timespan' : 'datetime', (a, b) => a - b);
      case '*':
        return anyDatetime ? undefined : ticks('timespan', (a, b) => a * b);
      case '/':
        if (left === 'timespan' && right === 'datetime') return undefined;
        return { type: 'real', apply: (a, b) => ratio(a as bigint, b as bigint) };
      case '%':
        return left === 'timespan' && right === 'datetime' ? undefined : ticks('timespan', modTicks);
    }
  }
  if (isTicks(left) && isNumeric(right)) {
    if (operator === '*') return { type: left, apply: checked(left, (a, b) => scale(a, b, false)) };
    if (operator === '/') return { type: left, apply: checked(left, (a, b) => scale(a, b, true)) };
    if (operator === '%') return { type: left, apply: checked(left, (a, b) => modTicks(a, wholeTicks(b))) };
  }
  if (isNumeric(left) && isTicks(right) && operator === '*') {
    return { type: right, apply: checked(right, (a, b) => scale(b, a, false)) };
  }
  return undefined;
}

const wholeTicks = (value: Value): bigint => {
  const number = typeof value === 'bigint' ? value : Math.trunc(Number(value));
  return typeof number === 'bigint' || Number.isFinite(number) ? BigInt(number) : 0n;
};

/** Exact where the quotient is whole: both sides can lie beyond 2^53. */
function ratio(a: bigint, b: bigint): number {
  if (b !== 0n && a % b === 0n) return Number(a / b);
  return Number(a) / Number(b);
}

/** A dynamic beside a typed operand is read as its type; of two, the values decide, row by row. */
function withDynamic(operator: ArithmeticOperator, left: ScalarType, right: ScalarType): Arithmetic | undefined {
  if (left === 'dynamic' && right === 'dynamic') return { type: 'dynamic', apply: bothDynamic(operator) };
  const known = left === 'dynamic' ? right : left;
  if (known === 'string' || known === 'bool' || known === 'guid') return undefined;
  const settled = resolve(operator, known, known);
  if (!settled) return undefined;
  const read = (value: Value, type: ScalarType): Value => (type === known ? value : convert(value, type, known));
  return {
    type: settled.type,
    apply: (a, b) => {
      const x = read(a, left);
      const y = read(b, right);
      return x === null || y === null ? null : settled.apply(x, y);
    },
  };
}

const bothDynamic =
  (operator: ArithmeticOperator): Apply =>
  (a, b) => {
    const x = scalarOf(a as Dynamic);
    const y = scalarOf(b as Dynamic);
    const found = x && y ? resolve(operator, x.type, y.type) : undefined;
    return found ? toDynamic(found.apply(x!.value, y!.value), found.type) : null;
  };
