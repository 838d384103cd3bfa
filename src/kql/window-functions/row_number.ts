import { addLong } from '../values/long';
import type { Value } from '../values/types';
import { defineWindow } from './define';

export const rowNumber = defineWindow({
  name: 'row_number',
  docs: 'row-number-function',
  params: ['long', 'bool'],
  optional: 2,
  returns: 'long',
  bind: () => (args, count) => {
    const [starts, restarts] = args;
    const values: Value[] = [];
    let current: number | bigint = 0;
    for (let i = 0; i < count; i++) {
      const start = (starts ? (starts[i] ?? 1) : 1) as number | bigint;
      current = i === 0 || restarts?.[i] === true ? start : addLong(current, 1);
      values.push(current);
    }
    return values;
  },
});
