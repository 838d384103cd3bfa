/**
 * Whether the evaluator grows: messages go on and on, and the heap is printed on the way, a JSON line a tenth. 100 rules, a tenth of which count every
 * event of an id, over a store in memory.
 *
 *   node scripts/bench.mjs memory [--messages 1000000]
 */
import { parseArgs } from 'node:util';
import { Feed, memoryEngine } from '../frame/engine';
import { mixedRules } from '../inputs/made-rules';
import { plansOf } from '../inputs/plans';
import { openStream } from '../inputs/stream';

async function main(): Promise<void> {
  const { values } = parseArgs({ options: { messages: { type: 'string', default: '1000000' } } });
  const { bodies } = openStream(10_000);
  const engine = memoryEngine(plansOf(mixedRules(100), (text) => console.error(text)));
  const feed = new Feed(bodies);
  let done = 0;
  for (let step = 1; step <= 10; step++) {
    while (done < (Number(values.messages) / 10) * step) done += (await feed.through(engine)).messages;
    globalThis.gc?.();
    const { heapUsed, rss } = process.memoryUsage();
    console.log(
      JSON.stringify({
        messages: done,
        heapMiB: Number((heapUsed / 2 ** 20).toFixed(1)),
        rssMiB: Math.round(rss / 2 ** 20),
      }),
    );
  }
}

void main();
