import { recordShapes } from '../../../src/events/shapes';
import type { RecordShape } from '../../../src/events/shapes/shape';

/** The function as it is deployed, with one more shape: a record `{"Deadly":…}` does to the process what no input should. */
const deadly: RecordShape = {
  name: 'deadly',
  hints: [],
  matches: (record) => Object.hasOwn(record, 'Deadly'),
  read: ({ Deadly: what }) => {
    if (what === 'exit') process.exit(1);
    if (what === 'loop') for (;;);
    const kept: object[] = [];
    for (;;) kept.push(new Array(1_000).fill(kept.length));
  },
};
(recordShapes as RecordShape[]).unshift(deadly);

require('../../../functions/evaluate');
