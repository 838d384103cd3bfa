import type Decimal from 'decimal.js';
import { floorDiv } from '../values/datetime';
import { checkedDecimal, Decimal128 } from '../values/decimal';
import { normLong } from '../values/long';
import type { ScalarType, Value } from '../values/types';

/** Arithmetic of a series' axis, whose bins are numbered from `start` or, without one, from zero. */
export interface Axis {
  readonly stepType: ScalarType;
  positive(step: Value): boolean;
  less(a: Value, b: Value): boolean;
  bin(x: Value, start: Value, step: Value): number;
  at(bin: number, start: Value, step: Value): Value;
}

const integers = (stepType: ScalarType, out: (value: bigint) => Value): Axis => {
  const big = (value: Value): bigint => BigInt((value ?? 0) as number | bigint);
  return {
    stepType,
    positive: (step) => big(step) > 0n,
    less: (a, b) => big(a) < big(b),
    bin: (x, start, step) => Number(floorDiv(big(x) - big(start), big(step))),
    at: (bin, start, step) => out(big(start) + BigInt(bin) * big(step)),
  };
};

const reals: Axis = {
  stepType: 'real',
  positive: (step) => (step as number) > 0,
  less: (a, b) => (a as number) < (b as number),
  bin: (x, start, step) => Math.floor(((x as number) - ((start as number | null) ?? 0)) / (step as number)),
  at: (bin, start, step) => ((start as number | null) ?? 0) + bin * (step as number),
};

const decimals: Axis = {
  stepType: 'decimal',
  positive: (step) => (step as Decimal).gt(0),
  less: (a, b) => (a as Decimal).lt(b as Decimal),
  bin: (x, start, step) =>
    (x as Decimal)
      .minus((start as Decimal | null) ?? 0)
      .div(step as Decimal)
      .floor()
      .toNumber(),
  at: (bin, start, step) =>
    checkedDecimal(new Decimal128(bin).times(step as Decimal).plus((start as Decimal | null) ?? 0)),
};

/** The axis of a column type; undefined where there is none. */
export function axisOf(type: ScalarType): Axis | undefined {
  switch (type) {
    case 'datetime':
    case 'timespan':
      return integers('timespan', (value) => value);
    case 'int':
    case 'long':
      return integers('long', normLong);
    case 'real':
      return reals;
    case 'decimal':
      return decimals;
    default:
      return undefined;
  }
}
