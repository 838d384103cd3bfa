import { invalid } from '../../errors';
import { convert } from '../../values/convert';
import { ticksFromParts } from '../../values/datetime';
import { defineFunction } from '../define';
import { secondTicks, wholeNumber } from './support/clock';

/** (year, month, day[, hour[, minute[, second]]]), or one value that is converted. Null for what is no calendar time. */
export const makeDatetime = defineFunction({
  name: 'make_datetime',
  docs: 'make-datetime-function',
  params: ['any', 'number', 'number', 'number', 'number', 'number'],
  optional: 5,
  returns: 'datetime',
  bind: (args) => {
    if (args.length === 1) return (value) => convert(value, args[0]!.type, 'datetime');
    if (args.length === 2) throw invalid('make_datetime() takes 1 or at least 3 arguments');
    const yearType = args[0]!.type;
    return (year, month, day, hour = 0, minute = 0, second = 0) => {
      const seconds = secondTicks(second);
      const y = convert(year, yearType, 'long');
      if (seconds === null || y === null) return null;
      const whole = Math.floor(seconds / 1e7);
      return ticksFromParts(
        Number(y),
        wholeNumber(month),
        wholeNumber(day),
        wholeNumber(hour),
        wholeNumber(minute),
        whole,
        seconds - whole * 1e7,
      );
    };
  },
});
