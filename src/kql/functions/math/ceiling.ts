import type Decimal from 'decimal.js';
import { defineFunction } from '../define';

/** Keeps the type of its argument. */
export const ceiling = defineFunction({
  name: 'ceiling',
  docs: 'ceiling-function',
  params: ['number'],
  returns: ([value]) => value!.type,
  bind([value]) {
    switch (value!.type) {
      case 'decimal':
        return (x: Decimal) => x.ceil();
      case 'real':
        return (x: number) => Math.ceil(x) + 0;
      default:
        return (x: number | bigint) => x;
    }
  },
});
