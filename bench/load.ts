/**
 * Load and bounds: many events over many groups in one window, one group that every event hits, and what a flush costs against the groups of its
 * window. Prints a JSON line a measurement: seconds, events a second, largest heap and resident memory (MiB) while it ran. In memory by default;
 * `--azurite` uses a storage emulator, with a hundredth of the events.
 *
 *   node --expose-gc bench/load.js [--events 1000000] [--azurite]
 */

import { startAzurite } from '../local/azurite';
import { type Compiler, createCompiler } from '../src/compiler/compile';
import { createEngine, DEFAULTS } from '../src/engine';
import { prunePlan } from '../src/kql/analysis/prune';
import { normalizeUnions } from '../src/kql/analysis/unions';
import { MemoryStore } from '../src/state/memory';
import type { EntityStore } from '../src/state/store';
import { TableStore } from '../src/state/table';
import { splitPlan } from '../src/streaming/split';
import { rulePlanOf } from '../test/support/stream';

const HOUR = 3_600_000;
const START = Date.UTC(2026, 0, 5, 10);
const BATCH = 500;
const PARTITIONS = 4;
const schedule = { frequencyMs: HOUR, periodMs: HOUR, clock: 'event' } as const;
const option = (name: string): string | undefined => process.argv[process.argv.indexOf(name) + 1];
const useAzurite = process.argv.includes('--azurite');
const EVENTS = process.argv.includes('--events') ? Number(option('--events')) : useAzurite ? 10_000 : 1_000_000;

const compiler: Compiler = createCompiler([
  {
    name: 'Event',
    columns: [
      { name: 'TimeGenerated', type: 'datetime' },
      { name: 'EventID', type: 'int' },
      { name: 'Computer', type: 'string' },
      { name: 'EventData', type: 'string' },
    ],
  },
]);

function plan() {
  const query =
    'Event | where EventID == 1 | summarize Count = count(), First = min(TimeGenerated), Last = max(TimeGenerated) by Computer | where Count > 1000000000';
  const { plan: compiled, diagnostics } = compiler.compile(query);
  if (!compiled) throw new Error(JSON.stringify(diagnostics));
  return rulePlanOf(splitPlan(prunePlan(normalizeUnions(compiled)), schedule), schedule);
}

/** The largest memory while something runs, MiB. */
async function measured(name: string, what: object, events: number, run: () => Promise<void>): Promise<void> {
  (globalThis as { gc?: () => void }).gc?.();
  const peak = { heap: 0, rss: 0 };
  const look = (): void => {
    const { heapUsed, rss } = process.memoryUsage();
    peak.heap = Math.max(peak.heap, heapUsed);
    peak.rss = Math.max(peak.rss, rss);
  };
  const before = process.memoryUsage().heapUsed;
  const timer = setInterval(look, 50);
  const started = performance.now();
  await run();
  const seconds = (performance.now() - started) / 1000;
  clearInterval(timer);
  look();
  const mib = (bytes: number): number => Math.round(bytes / 1048576);
  console.log(
    JSON.stringify({
      name,
      ...what,
      seconds: Number(seconds.toFixed(2)),
      eventsPerSecond: Math.round(events / seconds),
      heapBeforeMiB: mib(before),
      heapPeakMiB: mib(peak.heap),
      rssPeakMiB: mib(peak.rss),
    }),
  );
}

async function trial(store: EntityStore, tables: string, events: number, groups: number): Promise<void> {
  const engine = createEngine({
    ...DEFAULTS,
    plans: [plan()],
    store,
    tables: { state: `${tables}State`, alerts: `${tables}Alerts`, control: `${tables}Control` },
    sinks: [],
    deadLetters: { write: async () => {} },
    clock: 'event',
    log: (event) => console.error(JSON.stringify(event)),
  });
  await measured('evaluate', { events, groups }, events, async () => {
    const next = Array.from({ length: PARTITIONS }, () => 0);
    for (let from = 0; from < events; from += BATCH) {
      const partition = (from / BATCH) % PARTITIONS;
      const messages = Array.from({ length: Math.min(BATCH, events - from) }, (_, i) => {
        const number = from + i;
        const time = new Date(START + (number % 3_599) * 1000).toISOString();
        const computer = `PC${(number * 7919) % groups}.corp.example.com`;
        const body = `{"Type":"Event","TimeGenerated":"${time}","EventID":1,"Computer":"${computer}","EventData":"<EventData/>"}`;
        return { body: Buffer.from(body), sequenceNumber: next[partition]!++, enqueuedTime: START + HOUR };
      });
      await engine.evaluate({ source: { namespace: 'n', hub: 'h', partition: String(partition) }, messages });
    }
  });
  await measured('flush', { events, groups }, groups, async () => {
    const { windows, failed } = await engine.flush(START + 2 * HOUR);
    if (windows === 0 || failed > 0) throw new Error(`${windows} windows, ${failed} failed`);
  });
}

async function main(): Promise<void> {
  const azurite = useAzurite ? await startAzurite() : undefined;
  try {
    const store = (): EntityStore =>
      azurite ? new TableStore({ connectionString: azurite.connectionString }) : new MemoryStore();
    const share = (part: number): number => Math.max(1, Math.round(EVENTS * part));
    await trial(store(), 'Many', EVENTS, share(0.1));
    await trial(store(), 'Hot', EVENTS, 1);
    for (const groups of [1_000, 10_000, 100_000]) {
      if (groups <= EVENTS) await trial(store(), `Flush${groups}`, groups, groups);
    }
  } finally {
    await azurite?.stop();
  }
}

main().catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
