import Decimal from 'decimal.js';
import { checkedDatetime, UNIX_EPOCH_TICKS } from '../../../values/datetime';
import { defineFunction, type ScalarFunction } from '../../define';

/**
 * A `unixtime_…_todatetime` function: a number of units since 1970; null outside 0001…9999.
 * @param exact whole units → ticks
 * @param ticksPerUnit for fractions of a unit
 */
export const unixtime = (unit: string, exact: (value: bigint) => bigint, ticksPerUnit: number): ScalarFunction =>
  defineFunction({
    name: `unixtime_${unit}_todatetime`,
    docs: `unixtime-${unit}-todatetime-function`,
    params: ['number'],
    returns: 'datetime',
    impl: (value: number | bigint | Decimal) => {
      if (typeof value === 'bigint' || Number.isSafeInteger(value)) {
        return checkedDatetime(UNIX_EPOCH_TICKS + exact(BigInt(value as number | bigint)));
      }
      const ticks =
        value instanceof Decimal ? value.times(ticksPerUnit).trunc().toNumber() : (value as number) * ticksPerUnit;
      return Number.isFinite(ticks) ? checkedDatetime(UNIX_EPOCH_TICKS + BigInt(Math.round(ticks))) : null;
    },
  });
