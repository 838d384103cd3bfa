import { convert } from '../../values/convert';
import { TICKS_PER_DAY, TICKS_PER_HOUR, TICKS_PER_MINUTE } from '../../values/datetime';
import { fitsLong } from '../../values/long';
import type { Value } from '../../values/types';
import { defineFunction } from '../define';
import { secondTicks, wholeNumber } from './support/clock';

type Num = Parameters<typeof wholeNumber>[0];

function timespan(days: Num, hours: Num, minutes: Num, seconds: Num): Value {
  const d = wholeNumber(days);
  const h = wholeNumber(hours);
  const m = wholeNumber(minutes);
  const s = secondTicks(seconds);
  if (s === null || !Number.isSafeInteger(d) || !(h >= 0 && h < 24) || !(m >= 0 && m < 60)) return null;
  const ticks = BigInt(d) * TICKS_PER_DAY + BigInt(h) * TICKS_PER_HOUR + BigInt(m) * TICKS_PER_MINUTE + BigInt(s);
  return fitsLong(ticks) ? ticks : null;
}

/** (hours, minutes[, seconds]), (days, hours, minutes, seconds), or one value that is converted. Null out of range. */
export const makeTimespan = defineFunction({
  name: 'make_timespan',
  docs: 'make-timespan-function',
  params: ['any', 'number', 'number', 'number'],
  optional: 3,
  returns: 'timespan',
  bind: (args) => {
    const type = args[0]!.type;
    if (args.length === 1) return (value) => convert(value, type, 'timespan');
    return (first: Value, second: Num, third: Num = 0, fourth?: Num) => {
      const x = convert(first, type, 'long') as number | bigint | null;
      if (x === null) return null;
      return fourth === undefined ? timespan(0, x, second, third) : timespan(x, second, third, fourth);
    };
  },
});
