/**
 * What evaluate makes of a store that takes its time: one partition, batches of 500 messages as host.json has them, every request answered
 * after 5 ms. A tenth of the rules are busy: they count every event of an id by host, so that nearly every batch writes their state.
 * Prints a JSON line a measurement: events a second by the clock and in processor time, requests a batch, and how many of them came one
 * after another.
 *
 *   node scripts/bench.mjs slow-store [--rules 17,100,1000] [--events 10000] [--rounds 3] [--no-time]
 */
import { parseArgs } from 'node:util';
import { measureSlowEvaluate } from '../slow-store/evaluate';

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      rules: { type: 'string' },
      events: { type: 'string' },
      rounds: { type: 'string' },
      'no-time': { type: 'boolean', default: false },
    },
  });
  const rows = await measureSlowEvaluate({
    rules: values.rules?.split(',').map(Number),
    events: values.events === undefined ? undefined : Number(values.events),
    rounds: values.rounds === undefined ? undefined : Number(values.rounds),
    hasClock: !values['no-time'],
  });
  for (const row of rows) console.log(JSON.stringify(row));
}

void main();
