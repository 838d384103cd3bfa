import { type Compiler, createCompiler, type TableDeclaration } from '../../src/compiler/compile';
import { createEngine, DEFAULTS } from '../../src/engine';
import { MemoryGate } from '../../src/engine/memory-gate';
import { type EngineRule, prepareRules } from '../../src/engine/rules';
import { SharedPanes } from '../../src/engine/shared-panes';
import { TimeBudget } from '../../src/engine/time-budget';
import type { EngineOptions, UnevaluatedRecord } from '../../src/engine/types';
import { evaluateWindow, type WindowRuntime, windowRuntime } from '../../src/engine/window-state';
import { WindowTime } from '../../src/engine/window-time';
import { decode } from '../../src/events/decode';
import type { HubMessage } from '../../src/events/types';
import {
  createRuntime,
  foldConstants,
  jsonRows,
  KqlError,
  normalizeUnions,
  type Pipeline,
  parseDatetime,
  preparePipeline,
  prunePlan,
  type Table,
  ticksFromMs,
  visible,
} from '../../src/kql';
import { type RulePlan, type RuleSchedule, timeBasisOf } from '../../src/plan/rule-plan';
import { DEFAULT_SETTINGS } from '../../src/plan/rule-settings';
import { MemoryStore } from '../../src/state/memory';
import { canonicalRows } from '../../src/streaming/canonical-order';
import { requirementsOf } from '../../src/streaming/requirements';
import { splitPlan } from '../../src/streaming/split';
import type { StreamPlan } from '../../src/streaming/stream-plan';
import { type Random, randomOf } from './random';

/** One event of a table. `fields` are JSON; TimeGenerated is ISO-8601 text. */
export interface StreamEvent {
  readonly table: string;
  readonly fields: Readonly<Record<string, unknown>>;
  /** Enqueued time, ms; absent: TimeGenerated, rounded up. */
  readonly enqueued?: number;
}

export interface StreamQuery {
  /** The compiled query, as it stands. */
  readonly plan: Pipeline;
  readonly schedule: RuleSchedule;
  readonly events: readonly StreamEvent[];
  /** Decides partitions, order between them, cuts into messages and batches, and redelivery; 0: one batch, in order. */
  readonly delivery: number;
  /** Ends of the windows to compare, ms; absent: all that any event is in, and the one after. */
  readonly windows?: readonly number[];
}

/** A table as it is compared, or what made it impossible. */
export type Answer =
  | { readonly columns: readonly { name: string; type: string }[]; readonly rows: unknown[][] }
  | { readonly error: string };

export interface Comparison {
  readonly end: number;
  readonly batch: Answer;
  readonly stream: Answer;
}

export const TABLES: readonly TableDeclaration[] = [
  {
    name: 'T',
    columns: Object.entries({
      TimeGenerated: 'datetime',
      a: 'string',
      b: 'long',
      c: 'real',
      d: 'dynamic',
      s: 'string',
      t: 'datetime',
      f: 'bool',
      i: 'int',
      w: 'timespan',
      g: 'guid',
      m: 'decimal',
    } as const).map(([name, type]) => ({ name, type })),
  },
  {
    name: 'U',
    columns: Object.entries({
      TimeGenerated: 'datetime',
      a: 'string',
      b: 'string',
      x: 'long',
      d: 'dynamic',
      a1: 'long',
    } as const).map(([name, type]) => ({ name, type })),
  },
  {
    name: 'Event',
    columns: Object.entries({
      TimeGenerated: 'datetime',
      Source: 'string',
      EventLog: 'string',
      EventID: 'int',
      EventData: 'string',
      Computer: 'string',
    } as const).map(([name, type]) => ({ name, type })),
  },
];

let compiler: Compiler | undefined;
export const streamCompiler = (): Compiler => {
  compiler ??= createCompiler(TABLES, undefined, undefined, { approximate: true });
  return compiler;
};

/** The plan of a query over the test tables; throws with its problems. */
export function compiledPlan(text: string, using: Compiler = streamCompiler()): Pipeline {
  const { plan, diagnostics } = using.compile(text);
  if (!plan) throw new Error(`${diagnostics.map((d) => `${d.code} ${d.message}`).join('\n')}\n${text}`);
  return plan;
}

const enqueuedOf = ({ fields, enqueued }: StreamEvent): number =>
  enqueued ?? Math.ceil(Date.parse(String(fields.TimeGenerated)));
/** The fields as the decoder gives them. */
const decodedFields = ({ table, fields }: StreamEvent): Readonly<Record<string, unknown>> =>
  decode({ body: bodyOf([{ ...fields, Type: table }]) }).records[0]!.fields;
const bodyOf = (records: readonly object[]): Buffer =>
  Buffer.from(JSON.stringify(records.length === 1 ? records[0] : records));
const ticksOf = ({ fields }: StreamEvent): bigint => parseDatetime(String(fields.TimeGenerated))!;

const answer = (run: () => Table): Answer => {
  try {
    const { schema, rows } = visible(run());
    return { columns: schema.map(({ name, type }) => ({ name, type })), rows: jsonRows(schema, rows) };
  } catch (error) {
    if (!(error instanceof KqlError)) throw error;
    return { error: error.message };
  }
};

/** A decoded event, as the batch sees it. Times in ticks. */
export interface BatchEvent {
  readonly table: string;
  readonly fields: Readonly<Record<string, unknown>>;
  readonly ingestion: bigint;
  readonly time: bigint;
}

export const batchEvents = (events: readonly StreamEvent[]): BatchEvent[] =>
  events.map((event) => ({
    table: event.table,
    fields: decodedFields(event),
    ingestion: ticksFromMs(enqueuedOf(event)),
    time: ticksOf(event),
  }));

/**
 * What the query says of the window that ends at T, in one batch: the plan as it was compiled over the events in [T-P, T). Shares nothing
 * with the stream but the decoding of events and their order.
 */
export function batchAnswer(
  plan: Pipeline,
  schedule: RuleSchedule,
  events: readonly BatchEvent[],
  end: number,
): Answer {
  const from = ticksFromMs(end - schedule.periodMs);
  const to = ticksFromMs(end);
  const within = events.filter(({ time, ingestion }) => {
    const at = schedule.clock === 'enqueued' ? ingestion : time;
    return at >= from && at < to;
  });
  const runtime = createRuntime({
    now: to,
    scan: (source) => {
      if (source.kind !== 'table') throw new Error('a batch has no state');
      return canonicalRows(
        within.filter(({ table }) => table === source.name),
        source.columns,
      );
    },
  });
  return answer(() => preparePipeline(plan).run(runtime));
}

/** A rule of nothing but a query, for the engine. */
export function rulePlanOf(stream: StreamPlan, schedule: RuleSchedule, more: Partial<RulePlan> = {}): RulePlan {
  return {
    hash: 'test',
    rule: {
      file: 'test.yaml',
      kind: schedule.clock === 'enqueued' ? 'NRT' : 'Scheduled',
      id: '11111111-1111-1111-1111-111111111111',
      name: 'test',
      description: '',
      severity: 'Low',
      requiredDataConnectors: [],
      trigger: { operator: 'GreaterThan', threshold: 0 },
      tactics: [],
      techniques: [],
      query: '',
      entityMappings: [],
      sentinelEntitiesMappings: [],
      customDetails: [],
      eventGrouping: 'SingleAlert',
      suppression: { enabled: false },
      tags: [],
    },
    settings: DEFAULT_SETTINGS,
    schedule,
    columns: [],
    stream,
    requirements: stream.legs.flatMap((leg) => leg.branches.map(requirementsOf)),
    isSilentWithoutEvents: false,
    ...more,
  };
}

export interface Delivery {
  readonly partition: string;
  readonly messages: readonly HubMessage[];
}

/** Events put on partitions, cut into messages of some records and batches of some messages, batches delivered again and mixed. */
export function deliveriesOf(events: readonly StreamEvent[], seed: number): Delivery[] {
  const random = randomOf(seed);
  const partitions = seed === 0 ? 1 : 1 + random.below(3);
  const logs: HubMessage[][] = Array.from({ length: partitions }, () => []);
  const order = seed === 0 ? events : random.shuffled(events);
  for (let i = 0; i < order.length; ) {
    const enqueuedTime = enqueuedOf(order[i]!);
    const most = seed === 0 ? 1 : 1 + random.below(3);
    // A message has one enqueued time.
    let count = 1;
    while (count < most && i + count < order.length && enqueuedOf(order[i + count]!) === enqueuedTime) count++;
    const records = order.slice(i, i + count).map(({ table, fields }) => ({ ...fields, Type: table }));
    i += count;
    const log = logs[random.below(partitions)]!;
    log.push({ body: bodyOf(records), sequenceNumber: log.length * (seed === 0 ? 1 : 3), enqueuedTime });
  }
  return seed === 0 ? [{ partition: '0', messages: logs[0]! }] : cut(logs, random);
}

/** Logs of partitions as batches that some reader gets: of random length, mixed, some of them again in another cut. */
export function cut(logs: readonly (readonly HubMessage[])[], random: Random, most = 5): Delivery[] {
  const result: Delivery[] = [];
  const read = logs.map(() => 0);
  for (;;) {
    const open = logs.flatMap((log, p) => (read[p]! < log.length ? [p] : []));
    if (open.length === 0) break;
    const p = open[random.below(open.length)]!;
    const from = random.below(4) === 0 ? Math.max(0, read[p]! - random.below(most)) : read[p]!;
    const to = Math.min(logs[p]!.length, Math.max(from + 1, read[p]! + random.below(most)));
    result.push({ partition: String(p), messages: logs[p]!.slice(from, to) });
    // A batch that was not acknowledged comes again, in another cut.
    if (random.below(4) > 0) read[p] = Math.max(read[p]!, to);
  }
  logs.forEach((log, p) => {
    if (random.below(3) === 0) result.push({ partition: String(p), messages: log });
  });
  return result;
}

export interface Streamed {
  readonly split: StreamPlan;
  readonly letters: readonly UnevaluatedRecord[];
  answer(end: number): Promise<Answer>;
}

/** Feeds events to the engine and gives what it would say of any window. */
export async function streamed({ plan, schedule, events, delivery }: StreamQuery): Promise<Streamed> {
  const split = splitPlan(prunePlan(normalizeUnions(foldConstants(plan))), {
    ...schedule,
    timeBasis: timeBasisOf(schedule),
  });
  const { letters, answer } = await streamedRules([rulePlanOf(split, schedule)], deliveriesOf(events, delivery));
  return { split, letters, answer: (end) => answer(0, end) };
}

export interface StreamedRules {
  readonly letters: readonly UnevaluatedRecord[];
  answer(rule: number, end: number): Promise<Answer>;
}

/** The state of a window: every other one from panes that are shared with the window before it. */
async function runtimeOf(rule: EngineRule, options: EngineOptions, end: number): Promise<WindowRuntime> {
  const { frequencyMs } = rule.plan.schedule;
  if ((end / frequencyMs) % 2 === 0) return windowRuntime(rule, options, end);
  const time = new WindowTime(new TimeBudget(Number.POSITIVE_INFINITY), new MemoryGate(Number.POSITIVE_INFINITY));
  const panes = new SharedPanes(rule, options, [end - frequencyMs, end], time);
  await panes.runtime(end - frequencyMs);
  const runtime = await panes.runtime(end);
  await panes.close();
  return runtime;
}

/** As {@link streamed}, for rules that share the events; each batch may meet another process. */
export async function streamedRules(
  plans: readonly RulePlan[],
  deliveries: readonly Delivery[],
): Promise<StreamedRules> {
  const stored = JSON.parse(JSON.stringify(plans)) as RulePlan[];
  const { rules } = prepareRules(stored);
  const letters: UnevaluatedRecord[] = [];
  const options: EngineOptions = {
    ...DEFAULTS,
    plans: stored,
    store: new MemoryStore(),
    tables: { state: 'state', alerts: 'alerts', control: 'control' },
    sinks: [],
    deadLetters: {
      async write(list) {
        letters.push(...list);
      },
    },
    mode: 'live',
    maxLateMs: Number.POSITIVE_INFINITY,
    maxAheadMs: Number.POSITIVE_INFINITY,
    log: () => undefined,
  };
  for (const { partition, messages } of deliveries)
    await createEngine(options).evaluate({ source: { namespace: 'n', hub: 'h', partition }, messages });
  return {
    letters,
    async answer(rule, end) {
      try {
        const { table } = evaluateWindow(rules[rule]!, await runtimeOf(rules[rule]!, options, end));
        return answer(() => table);
      } catch (error) {
        if (!(error instanceof KqlError)) throw error;
        return { error: error.message };
      }
    },
  };
}

/** Ends of all windows that events are in, at most `most` of them, and of the empty one after the last. */
export function windowsOf({ schedule, events }: StreamQuery, most = 12): number[] {
  const { frequencyMs, periodMs, clock } = schedule;
  const ends = new Set<number>();
  for (const event of events) {
    const at = clock === 'enqueued' ? enqueuedOf(event) : Number((ticksOf(event) - ticksFromMs(0)) / 10_000n);
    for (let end = (Math.floor(at / frequencyMs) + 1) * frequencyMs; end <= at + periodMs; end += frequencyMs)
      ends.add(end);
  }
  const sorted = [...ends].sort((a, b) => a - b);
  const last = sorted.at(-1) ?? 0;
  const step = Math.max(1, Math.ceil(sorted.length / most));
  return [...sorted.filter((_, i) => i % step === 0 || i === sorted.length - 1), last + frequencyMs];
}

/** Batch and stream over every window. */
export async function compareWindows(query: StreamQuery): Promise<{ streamed: Streamed; windows: Comparison[] }> {
  const stream = await streamed(query);
  const events = batchEvents(query.events);
  const windows: Comparison[] = [];
  for (const end of query.windows ?? windowsOf(query))
    windows.push({
      end,
      batch: batchAnswer(query.plan, query.schedule, events, end),
      stream: await stream.answer(end),
    });
  return { streamed: stream, windows };
}

/** What differs, as text; undefined where all windows agree. */
export async function difference(query: StreamQuery): Promise<string | undefined> {
  const { streamed: stream, windows } = await compareWindows(query);
  for (const { end, batch, stream: got } of windows) {
    // A row on which the batch fails goes to dead letters on the stream, and the rest is still evaluated.
    if ('error' in batch) continue;
    if (JSON.stringify(batch) === JSON.stringify(got)) continue;
    return [
      `window ${new Date(end).toISOString()}`,
      `batch  ${JSON.stringify(batch)}`,
      `stream ${JSON.stringify(got)}`,
      ...stream.letters.map((letter) => `dead letter ${letter.reason} ${letter.detail}`),
      `split  ${JSON.stringify(stream.split)}`,
    ].join('\n');
  }
  return undefined;
}

export const MINUTE = 60_000;
export const HOUR = 60 * MINUTE;
export const DAY = 24 * HOUR;

export const schedule = (
  frequencyMs: number,
  periodMs: number,
  clock: 'event' | 'enqueued' = 'event',
): RuleSchedule => ({
  frequencyMs,
  periodMs,
  clock,
});
