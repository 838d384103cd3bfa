/** Evaluate over a store that takes its time; see bench/slow-store.ts. */
import { generateSample } from '../../local/sample';
import { createCompiler } from '../../src/compiler/compile';
import { createEngine, DEFAULTS } from '../../src/engine';
import type { HubMessage } from '../../src/events/types';
import type { RulePlan } from '../../src/plan/rule-plan';
import { DEFAULT_SETTINGS } from '../../src/plan/rule-settings';
import { compileRule } from '../../src/rules/compile';
import { readRule } from '../../src/rules/read';
import { legHash } from '../../src/streaming/split';
import { SlowStore } from './store';

const BATCH = 500;
const DELAY_MS = 5;
const NOW = new Date('2026-03-14T15:09:26Z');
/** What the recorded streams hold most of. */
const IDS = [10, 12, 7, 13, 11, 1, 3];

const compiler = createCompiler([
  {
    name: 'Event',
    columns: [
      { name: 'TimeGenerated', type: 'datetime' },
      { name: 'EventLog', type: 'string' },
      { name: 'Computer', type: 'string' },
      { name: 'EventID', type: 'int' },
      { name: 'EventData', type: 'string' },
    ],
  },
]);

/** A row of the table that benchmarks print. */
export interface SlowStoreRow {
  readonly name: string;
  readonly value: number;
  readonly unit: 'events/s';
  /** The same by the processor time of the process. */
  readonly cpu: number;
  readonly rules: number;
  readonly busyRules: number;
  readonly events: number;
  readonly matches: number;
  /** Requests of a batch, on average: reads, transactions. */
  readonly reads: number;
  readonly transactions: number;
  /** Entities that a batch writes, on average. */
  readonly entities: number;
  /** Requests of a batch that had to wait for one another, on average: the longest chain. */
  readonly oneAfterAnother: number;
}

const NUMBER = '987654';

/** The plan of a rule whose text holds {@link NUMBER}, for other numbers: compiling a thousand rules is not what is measured. */
function templateOf(query: string): (number: number) => RulePlan {
  const text = `id: 00000000-0000-4000-8000-000000${NUMBER}\nname: made ${NUMBER}\ndescription: d\nseverity: Low\nrequiredDataConnectors: []\nqueryFrequency: 1h\nqueryPeriod: 1h\ntriggerOperator: gt\ntriggerThreshold: 0\ntactics: []\nrelevantTechniques: []\nversion: 1.0.0\nkind: Scheduled\nquery: |\n  ${query}\n`;
  const { plan, problems } = compileRule(compiler, readRule(text, 'made.yaml'), DEFAULT_SETTINGS, 'settings.yaml');
  if (!plan) throw new Error(problems.map(({ message }) => message).join('\n'));
  const json = JSON.stringify(plan);
  return (number) => {
    const made = JSON.parse(json.replaceAll(NUMBER, String(number).padStart(NUMBER.length, '0'))) as RulePlan;
    const { paneMs, legs } = made.stream;
    return {
      ...made,
      stream: { ...made.stream, legs: legs.map((leg) => ({ ...leg, hash: legHash(leg, paneMs, 'event') })) },
    };
  };
}

const SYSMON = (id: number): string =>
  `Event | where EventLog =~ 'Microsoft-Windows-Sysmon/Operational' and EventID == ${id}`;
const GROUPS = 'summarize Count = count(), StartTime = min(TimeGenerated), EndTime = max(TimeGenerated)';

function madeRules(count: number): RulePlan[] {
  const busy = IDS.map((id) =>
    templateOf(`${SYSMON(id)} | where Computer !~ 'exempt-${NUMBER}.corp.example.com' | ${GROUPS} by Computer`),
  );
  const quiet = IDS.map((id) =>
    templateOf(
      `${SYSMON(id)} | parse EventData with * '<Data Name="Image">' Image '<' *
    | where EventData has 'tool-${NUMBER}.exe' and EventData contains 'malicious-option-${NUMBER}' | ${GROUPS} by Computer, Image`,
    ),
  );
  return Array.from({ length: count }, (_, i) => {
    const templates = i % 10 === 0 ? busy : quiet;
    return templates[Math.floor(i / 10) % templates.length]!(i + 1);
  });
}

/** Rows of some hosts over their hours, in the order of their times, one a message. */
function messagesOf(count: number): HubMessage[] {
  const rows: { body: Buffer; time: number }[] = [];
  for (let seed = 1; rows.length < count; seed++) {
    // Each seed is another hour.
    const now = new Date(NOW.getTime() + seed * 3_600_000);
    for (const message of generateSample({ now, seed }).messages) {
      const { records } = JSON.parse(message.toString()) as { records: { TimeGenerated: string }[] };
      for (const row of records)
        rows.push({ body: Buffer.from(JSON.stringify(row)), time: Date.parse(row.TimeGenerated) });
    }
  }
  rows.sort((a, b) => a.time - b.time);
  return rows
    .slice(0, count)
    .map(({ body, time }, sequenceNumber) => ({ body, sequenceNumber, enqueuedTime: time + 1_000 }));
}

export interface SlowStoreOptions {
  readonly rules?: readonly number[];
  readonly events?: number;
  readonly rounds?: number;
  /** The store says what time it is, as Table Storage does (default). */
  readonly hasClock?: boolean;
}

/** Evaluates the same messages over a slow store, for several numbers of rules. The best of some rounds, each in a store of its own. */
export async function measureSlowEvaluate({
  rules = [17, 100, 1_000],
  events = 10_000,
  rounds = 3,
  hasClock = true,
}: SlowStoreOptions = {}): Promise<SlowStoreRow[]> {
  const messages = messagesOf(events);
  const rows: SlowStoreRow[] = [];
  for (const count of rules) {
    const plans = madeRules(count);
    let best: SlowStoreRow | undefined;
    for (let round = 0; round < rounds; round++) {
      const row = await evaluateAll(plans, messages, hasClock);
      if (!best || row.value > best.value) best = row;
    }
    rows.push(best!);
  }
  return rows;
}

async function evaluateAll(
  plans: readonly RulePlan[],
  messages: readonly HubMessage[],
  hasClock: boolean,
): Promise<SlowStoreRow> {
  let now = messages[0]!.enqueuedTime;
  const store = new SlowStore(DELAY_MS, hasClock ? () => now : undefined);
  const engine = createEngine({
    ...DEFAULTS,
    plans,
    store,
    tables: { state: 'State', alerts: 'Alerts', control: 'Control' },
    sinks: [],
    deadLetters: {
      async write(letters) {
        throw new Error(`dead letter: ${letters[0]!.detail}`);
      },
    },
    mode: 'live',
    log: ({ level, message, reason }) => {
      if (level === 'error') throw new Error(`${message}: ${reason}`);
    },
  });
  const source = { namespace: 'n', hub: 'h', partition: '0' };
  // What a process does once: asks for the plans in force, prepares the rules.
  await engine.evaluate({ source, messages: messages.slice(0, 1) });
  const rest = messages.slice(1);
  store.reset();
  const begun = process.cpuUsage();
  const started = performance.now();
  let matches = 0;
  let batches = 0;
  for (let from = 0; from < rest.length; from += BATCH) {
    const batch = rest.slice(from, from + BATCH);
    now = batch.at(-1)!.enqueuedTime;
    const counts = await engine.evaluate({ source, messages: batch });
    matches += counts.matches;
    batches++;
  }
  const wall = performance.now() - started;
  const { user, system } = process.cpuUsage(begun);
  const each = (value: number): number => Number((value / batches).toFixed(1));
  return {
    name: `evaluate, ${plans.length} rules, store of ${DELAY_MS} ms`,
    value: Math.round((messages.length / wall) * 1000),
    unit: 'events/s',
    cpu: Math.round((messages.length / (user + system)) * 1_000_000),
    rules: plans.length,
    busyRules: Math.ceil(plans.length / 10),
    events: messages.length,
    matches,
    reads: each(store.reads),
    transactions: each(store.transactions),
    entities: each(store.entities),
    oneAfterAnother: each(store.chain),
  };
}
