import { invalid } from '../../errors';
import { defineFunction } from '../define';
import { roundReal } from '../support/rounding';

const UNITS = ['Bytes', 'KB', 'MB', 'GB', 'TB', 'PB', 'EB'];

/** Units of 1024; without a unit the largest in which the size is at least 1. */
export const formatBytes = defineFunction({
  name: 'format_bytes',
  docs: 'format-bytes-function',
  params: ['real', 'long', 'string'],
  optional: 2,
  returns: 'string',
  bind([, , unit]) {
    if (unit?.constant && unit.value !== '' && !UNITS.includes(unit.value as string)) {
      throw invalid(`format_bytes() knows the units ${UNITS.join(', ')}`);
    }
    return (size: number, precision: number | bigint = 0, wanted = '') => {
      let power = UNITS.indexOf(wanted);
      if (power < 0) {
        power = 0;
        while (power < UNITS.length - 1 && Math.abs(size) >= 1024 ** (power + 1)) power++;
      }
      return `${roundReal(size / 1024 ** power, Number(precision))} ${UNITS[power]}`;
    };
  },
});
