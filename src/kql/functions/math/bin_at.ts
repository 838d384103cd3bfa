import type { Value } from '../../values/types';
import { defineFunction } from '../define';
import { binner, binType } from './support/bin';

/** As `bin`, with bins that begin at the fixed point. */
export const binAt = defineFunction({
  name: 'bin_at',
  docs: 'bin-at-function',
  params: ['any', 'any', 'any'],
  returns: (args) => binType(args.map((arg) => arg.type)),
  bind(args) {
    const down = binner(args.map((arg) => arg.type));
    return (value: Value, size: Value, fixed: Value) => down(value, size, fixed);
  },
});
