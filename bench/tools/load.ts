/**
 * Load and bounds: many events over many groups in one window, one group that every event hits, and what a flush costs against the groups of its
 * window, with and without the groups of other windows in the same table. Prints a table: seconds, thousands of events (evaluate) or groups
 * (flush) a second, and MiB: what was there before (the store in memory, mostly), the most the heap grew, the most that was resident so far.
 *
 * In memory by default; `--azurite` uses a storage emulator, a process of its own, with a tenth of the events. `--only many|hot|flush` runs
 * a part, `--history N` sets how many other windows there are (20), `--groups N` the most groups a flush is tried with.
 *
 *   node scripts/bench.mjs load [--events 1000000] [--azurite] [--only PART] [--history 20] [--groups 100000]
 */

import { parseArgs } from 'node:util';
import { startAzurite } from '../../local/azurite';
import { type Compiler, createCompiler } from '../../src/compiler/compile';
import { createEngine, DEFAULTS, type Engine } from '../../src/engine';
import { normalizeUnions, prunePlan } from '../../src/kql';
import { MemoryStore } from '../../src/state/memory';
import type { EntityStore } from '../../src/state/store';
import { TableStore } from '../../src/state/table';
import { splitPlan } from '../../src/streaming/split';
import { rulePlanOf } from '../../test/support/stream';

const HOUR = 3_600_000;
const START = Date.UTC(2026, 0, 5, 10);
const BATCH = 500;
const PARTITIONS = 4;
const schedule = { frequencyMs: HOUR, periodMs: HOUR, clock: 'event' } as const;
const { values: options } = parseArgs({
  options: {
    azurite: { type: 'boolean', default: false },
    events: { type: 'string' },
    only: { type: 'string' },
    history: { type: 'string', default: '20' },
    groups: { type: 'string' },
  },
});
const EVENTS = Number(options.events ?? (options.azurite ? 100_000 : 1_000_000));
const HISTORY = Number(options.history);
const MOST_GROUPS = Number(options.groups ?? (options.azurite ? 10_000 : 100_000));
const TABLES = { state: 'State', alerts: 'Alerts', control: 'Control' };

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
  return rulePlanOf(splitPlan(prunePlan(normalizeUnions(compiled)), { ...schedule, timeBasis: 'event' }), schedule);
}

const COLUMNS = [
  'step',
  'events',
  'groups',
  'other windows',
  'seconds',
  '1000/s',
  'MiB before',
  'heap +MiB',
  'rss MiB',
];
const print = (cells: readonly (string | number)[]): void =>
  console.log(cells.map((cell, i) => String(cell).padStart(Math.max(9, COLUMNS[i]!.length))).join('  '));

/** A window's events, and what its run costs. */
interface Trial {
  readonly events: number;
  readonly groups: number;
  /** How many windows over as many groups ran before it. */
  readonly others: number;
}

/** How long something runs, and the largest memory meanwhile. */
async function measured(step: string, trial: Trial, count: number, run: () => Promise<void>): Promise<void> {
  (globalThis as { gc?: () => void }).gc?.();
  const before = process.memoryUsage().heapUsed;
  const peak = { heap: before, rss: 0 };
  const look = (): void => {
    const { heapUsed, rss } = process.memoryUsage();
    peak.heap = Math.max(peak.heap, heapUsed);
    peak.rss = Math.max(peak.rss, rss);
  };
  const timer = setInterval(look, 50);
  const started = performance.now();
  await run();
  const seconds = (performance.now() - started) / 1000;
  clearInterval(timer);
  look();
  const mib = (bytes: number): number => Math.round(bytes / 1048576);
  const rate = (count / seconds / 1000).toFixed(1);
  const memory = [mib(before), mib(peak.heap - before), mib(peak.rss)];
  print([step, trial.events, trial.groups, trial.others, seconds.toFixed(2), rate, ...memory]);
}

/** Evaluate and flush are processes of their own when deployed: what one remembers, the other does not. */
const engineOn = (store: EntityStore): Engine =>
  createEngine({
    ...DEFAULTS,
    plans: [plan()],
    store,
    tables: TABLES,
    sinks: [],
    deadLetters: { write: async () => {} },
    mode: 'replay',
    log: (event) => console.error(JSON.stringify(event)),
  });

/** The events of a window, in batches over the partitions. `next`: the number of each partition's next message. */
async function evaluateWindow(store: EntityStore, from: number, trial: Trial, next: number[]): Promise<void> {
  const engine = engineOn(store);
  for (let first = 0; first < trial.events; first += BATCH) {
    const partition = (first / BATCH) % PARTITIONS;
    const messages = Array.from({ length: Math.min(BATCH, trial.events - first) }, (_, i) => {
      const number = first + i;
      const time = new Date(from + (number % 3_599) * 1000).toISOString();
      const computer = `PC${(number * 7919) % trial.groups}.corp.example.com`;
      const body = `{"Type":"Event","TimeGenerated":"${time}","EventID":1,"Computer":"${computer}","EventData":"<EventData/>"}`;
      return { body: Buffer.from(body), sequenceNumber: next[partition]!++, enqueuedTime: from + HOUR };
    });
    await engine.evaluate({ source: { namespace: 'n', hub: 'h', partition: String(partition) }, messages });
  }
}

async function flushWindow(store: EntityStore, from: number): Promise<void> {
  const { windows, failed } = await engineOn(store).flush(from + 2 * HOUR);
  if (windows !== 1 || failed > 0) throw new Error(`${windows} windows, ${failed} failed`);
}

async function run(store: EntityStore, trial: Trial): Promise<void> {
  const next = Array.from({ length: PARTITIONS }, () => 0);
  const last = START + trial.others * HOUR;
  for (let from = START; from < last; from += HOUR) {
    await evaluateWindow(store, from, trial, next);
    await flushWindow(store, from);
  }
  await measured('evaluate', trial, trial.events, () => evaluateWindow(store, last, trial, next));
  await measured('flush', trial, trial.groups, () => flushWindow(store, last));
}

function trials(): Trial[] {
  const parts: Record<string, Trial[]> = {
    many: [{ events: EVENTS, groups: Math.max(1, Math.round(EVENTS / 10)), others: 0 }],
    hot: [{ events: EVENTS, groups: 1, others: 0 }],
    flush: [1_000, 10_000, 100_000]
      .filter((groups) => groups <= MOST_GROUPS)
      .flatMap((groups) => [0, HISTORY].map((others) => ({ events: groups, groups, others }))),
  };
  if (options.only === undefined) return Object.values(parts).flat();
  const only = parts[options.only];
  if (!only) throw new Error(`no part ${options.only}: ${Object.keys(parts).join(', ')}`);
  return only;
}

async function main(): Promise<void> {
  print(COLUMNS);
  for (const trial of trials()) {
    const azurite = options.azurite ? await startAzurite() : undefined;
    try {
      await run(azurite ? new TableStore({ connectionString: azurite.connectionString }) : new MemoryStore(), trial);
    } finally {
      await azurite?.stop();
    }
  }
}

main().catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
