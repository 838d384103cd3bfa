/**
 * What hostile or plain heavy input costs: each attack in a process of its own, at two sizes, over a store in memory whose every write takes
 * 5 ms. Prints a JSON line a run: time, processor time, peak memory of the process, records put aside and requests for dead letters. A run that takes longer
 * than `--limit SECONDS` (60), or more than `--heap MIB` (1024), ends there and says so.
 *
 * `--only TEXT` runs the attacks whose name holds it.
 */
import { spawn } from 'node:child_process';
import { setTimeout } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { gzipSync } from 'node:zlib';
import { createCompiler, type TableDeclaration } from '../../src/compiler/compile';
import { DeadLetters } from '../../src/deadletters/dead-letters';
import { createEngine, DEFAULTS, type Engine } from '../../src/engine';
import { deadLetterWriter } from '../../src/host/dead-letters';
import type { RulePlan } from '../../src/plan/rule-plan';
import { DEFAULT_SETTINGS } from '../../src/plan/rule-settings';
import { compileRule } from '../../src/rules/compile';
import { readRule } from '../../src/rules/read';
import { MemoryStore } from '../../src/state/memory';

const HOUR = 3_600_000;
const T0 = Date.UTC(2026, 0, 1, 10);
const LATENCY_MS = 5;
const MB = 1_000_000;

const EVENT: TableDeclaration = {
  name: 'Event',
  columns: [
    { name: 'TimeGenerated', type: 'datetime' },
    { name: 'Computer', type: 'string' },
    { name: 'EventID', type: 'int' },
    { name: 'RenderedDescription', type: 'string' },
  ],
};
const COUNT = 'Event | where EventID == 1 | summarize N = count() by Computer';
const KEPT =
  'Event | where EventID == 1 | summarize Texts = make_set(RenderedDescription) by Computer | where array_length(Texts) > 1';

function planOf(query: string, number = 1): RulePlan {
  const id = `00000000-0000-4000-8000-${String(number).padStart(12, '0')}`;
  const yaml = `id: ${id}\nname: r${number}\ndescription: d\nseverity: Low\nrequiredDataConnectors: []\nqueryFrequency: 1h\nqueryPeriod: 1h\ntriggerOperator: gt\ntriggerThreshold: 0\ntactics: []\nrelevantTechniques: []\nversion: 1.0.0\nkind: Scheduled\nquery: |\n    ${query}\n`;
  const { plan, problems } = compileRule(createCompiler([EVENT]), readRule(yaml, 'r.yaml'), DEFAULT_SETTINGS, 's.yaml');
  if (!plan) throw new Error(problems.map(({ message }) => message).join('\n'));
  return plan;
}

class World {
  readonly store = new MemoryStore();
  letters = 0;
  requests = 0;
  readonly engine: Engine;

  constructor(queries: readonly string[], mode: 'live' | 'replay' = 'live') {
    const wait = async (): Promise<void> => {
      this.requests++;
      await setTimeout(LATENCY_MS);
    };
    const bodies = { put: wait, get: async () => undefined, delete: async () => undefined };
    const slow = Object.create(this.store) as MemoryStore;
    slow.transact = async (...args) => {
      await wait();
      return this.store.transact(...args);
    };
    const letters = new DeadLetters(slow, 'letters', bodies);
    this.engine = createEngine({
      ...DEFAULTS,
      plans: queries.map((query, i) => planOf(query, i + 1)),
      store: this.store,
      tables: { state: 'state', alerts: 'alerts', control: 'control' },
      sinks: [],
      deadLetters: deadLetterWriter(letters, (_, count) => {
        this.letters += count;
      }),
      mode,
      log: () => undefined,
    });
  }

  async evaluate(bodies: readonly (string | Buffer)[]): Promise<void> {
    await this.engine.evaluate({
      source: { namespace: 'n', hub: 'h', partition: '0' },
      messages: bodies.map((body, i) => ({
        body: typeof body === 'string' ? Buffer.from(body) : body,
        sequenceNumber: i,
        enqueuedTime: T0,
      })),
    });
  }
}

const row = (fields: Record<string, unknown>): string =>
  JSON.stringify({ TimeGenerated: new Date(T0).toISOString(), Type: 'Event', Computer: 'PC1', ...fields });
const rowsOf = (bytes: number, one: string): string =>
  `{"records":[${Array.from({ length: Math.floor(bytes / (one.length + 1)) }, () => one).join()}]}`;

/** Attacks by name: `size` in bytes of the message (or as said), twice as much the second time. */
const ATTACKS: Readonly<Record<string, { size: number; run: (size: number) => Promise<World> }>> = {
  '1 line breaks and spaces': { size: 40_000, run: (size) => one(`x${'\n '.repeat(size / 2)}`) },
  '2 gzip of empty objects (unpacked)': {
    size: 30 * MB,
    run: (size) => one(gzipSync(`[${'{},'.repeat(size / 3)}{}]`)),
  },
  '2 gzip of rows (unpacked)': { size: 30 * MB, run: (size) => one(gzipSync(rowsOf(size, row({ EventID: 1 })))) },
  '3 brackets that close nothing': { size: 450_000, run: (size) => one(`{${']'.repeat(size)}`) },
  '4 late events, messages of 1 MB': {
    size: 25,
    run: async (size) => {
      const late = rowsOf(
        MB,
        row({ TimeGenerated: new Date(T0 - 48 * HOUR).toISOString(), EventID: 1, Text: 'x'.repeat(2_400) }),
      );
      const world = new World([COUNT]);
      await world.evaluate(Array.from({ length: size }, () => late));
      return world;
    },
  },
  '4 empty objects': { size: 4_600, run: (size) => one(`[${'{},'.repeat(size / 3)}{}]`) },
  '9 messages of 1 MB that match': {
    size: 225,
    run: async (size) => {
      const world = new World([COUNT]);
      const text = rowsOf(MB, row({ EventID: 1, RenderedDescription: 'y'.repeat(900) }));
      await world.evaluate(Array.from({ length: size }, () => Buffer.from(text)));
      return world;
    },
  },
  '9 flush over group text (MB)': {
    size: 150,
    run: async (size) => {
      const world = new World([KEPT, COUNT], 'live');
      await world.engine.flush(T0);
      const text = 'z'.repeat(29_000);
      for (let i = 0; i < (size * MB) / 30_000; i += 30)
        await world.evaluate(
          Array.from({ length: 30 }, (_, n) =>
            row({ EventID: 1, Computer: `PC${i + n}`, RenderedDescription: `${i + n}${text}` }),
          ),
        );
      const started = performance.now();
      const before = process.memoryUsage.rss();
      const { failed, windows } = await world.engine.flush(T0 + 2 * HOUR);
      print({
        flushMs: Math.round(performance.now() - started),
        rssBeforeMiB: Math.round(before / 2 ** 20),
        failed,
        windows,
      });
      return world;
    },
  },
};

async function one(body: string | Buffer): Promise<World> {
  const world = new World([COUNT]);
  await world.evaluate([body]);
  return world;
}

const print = (line: object): void => console.log(JSON.stringify(line));

/** In the process of one attack. */
async function attack(name: string, size: number): Promise<void> {
  const started = performance.now();
  const world = await ATTACKS[name]!.run(size).catch((error: Error) => {
    print({ thrown: `${error.name}: ${error.message.slice(0, 100)}` });
    return undefined;
  });
  const { user, system } = process.cpuUsage();
  print({
    cpuMs: Math.round((user + system) / 1000),
    ms: Math.round(performance.now() - started),
    peakMiB: Math.round(process.resourceUsage().maxRSS / 1024),
    letters: world?.letters,
    requests: world?.requests,
  });
}

/** Runs an attack in a process of its own and says what came of it. */
async function measure(name: string, size: number, limitMs: number, heapMiB: number): Promise<void> {
  const args = [
    '--enable-source-maps',
    `--max-old-space-size=${heapMiB}`,
    process.argv[1]!,
    '--attack',
    name,
    '--size',
    String(size),
  ];
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'ignore'] });
  let text = '';
  child.stdout.on('data', (part: Buffer) => {
    text += part.toString();
  });
  const signal = AbortSignal.timeout(limitMs);
  signal.addEventListener('abort', () => child.kill('SIGKILL'));
  const code = await new Promise<number | null>((resolve) => child.once('exit', resolve));
  const said = text
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line) as object);
  const end = signal.aborted ? { ended: `after ${limitMs / 1000} s` } : code === 0 ? {} : { ended: 'out of memory' };
  print(Object.assign({ name, size }, ...said, end));
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      ...{ attack: { type: 'string' }, size: { type: 'string' }, only: { type: 'string', default: '' } },
      ...{ limit: { type: 'string', default: '60' }, heap: { type: 'string', default: '1024' } },
    },
  });
  if (values.attack !== undefined) return attack(values.attack, Number(values.size));
  for (const [name, { size }] of Object.entries(ATTACKS).filter(([key]) => key.includes(values.only)))
    for (const times of [1, 2]) await measure(name, size * times, Number(values.limit) * 1000, Number(values.heap));
}

void main();
