/**
 * The measure `slow-flush` with other numbers. Prints a JSON line a measurement: seconds by the clock and in processor time, and requests.
 *
 *   node scripts/bench.mjs slow-flush [--rules 1000] [--rounds 3]
 */
import { parseArgs } from 'node:util';
import { measureSlowFlush } from '../measures/slow-flush-trial';

async function main(): Promise<void> {
  const { values } = parseArgs({ options: { rules: { type: 'string' }, rounds: { type: 'string' } } });
  const rows = await measureSlowFlush({
    rules: values.rules === undefined ? undefined : Number(values.rules),
    rounds: values.rounds === undefined ? undefined : Number(values.rounds),
  });
  for (const row of rows) console.log(JSON.stringify(row));
}

void main();
