import type { Value } from '../values/types';
import { defineWindow } from './define';

/** The start of the session each row is in. A null value has none, and the next one starts anew. */
export const rowWindowSession = defineWindow({
  name: 'row_window_session',
  docs: 'row-window-session-function',
  params: ['datetime', 'timespan', 'timespan', 'bool'],
  optional: 1,
  returns: 'datetime',
  bind: () => (args, count) => {
    const [times, fromFirst, betweenNeighbors, restarts] = args as readonly (readonly (bigint | boolean | null)[])[];
    const values: Value[] = [];
    let start: bigint | null = null;
    let previous: bigint | null = null;
    for (let i = 0; i < count; i++) {
      const time = times![i] as bigint | null;
      if (time === null) start = null;
      else if (
        start === null ||
        previous === null ||
        reaches(time, start, fromFirst![i] as bigint | null) ||
        reaches(time, previous, betweenNeighbors![i] as bigint | null) ||
        restarts?.[i] === true
      ) {
        start = time;
      }
      previous = time;
      values.push(start);
    }
    return values;
  },
});

const reaches = (time: bigint, from: bigint, distance: bigint | null): boolean =>
  distance !== null && time >= from + distance;
