import type Decimal from 'decimal.js';

/** A number of any Kusto type, cut to a whole one. */
export const wholeNumber = (value: number | bigint | Decimal): number => Math.trunc(Number(value));

/** Seconds as ticks, or null outside [0, 60). */
export function secondTicks(value: number | bigint | Decimal): number | null {
  const ticks = Math.round(Number(value) * 1e7);
  return ticks >= 0 && ticks < 60e7 ? ticks : null;
}
