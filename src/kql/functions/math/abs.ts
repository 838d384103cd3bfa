import type Decimal from 'decimal.js';
import { invalid } from '../../errors';
import { subLong } from '../../values/long';
import { defineFunction } from '../define';

/** Of a number or a timespan; of an int the result is long. */
export const abs = defineFunction({
  name: 'abs',
  docs: 'abs-function',
  params: ['any'],
  returns: ([value]) => (value!.type === 'int' ? 'long' : value!.type === 'dynamic' ? 'real' : value!.type),
  bind([value]) {
    switch (value!.type) {
      case 'int':
      case 'long':
        return (x: number | bigint) => (x < 0 ? subLong(0, x) : x);
      case 'decimal':
        return (x: Decimal) => x.abs();
      case 'timespan':
        return (x: bigint) => (x < 0n ? -x : x);
      case 'real':
      case 'dynamic':
        return (x: unknown) => (typeof x === 'number' ? Math.abs(x) : null);
      default:
        throw invalid(`abs() is not defined for ${value!.type}`);
    }
  },
});
