/**
 * What the evaluator costs a message, against a bare JSON.parse of the same bytes: ratios of one run, on fixed inputs, over a store in
 * memory. Rules: the one this began with, and made ones that look for other events with texts of their own. Prints a JSON line a measurement:
 * messages a second, how many times the cost of JSON.parse, and which share of the messages the prefilter told apart by their bytes.
 *
 * `--profile NAME` runs one measurement alone, over and over for some seconds, as for `node --cpu-prof`; `--memory N` evaluates N messages
 * and prints the heap on the way.
 */
import { readFileSync } from 'node:fs';
import { generateSample } from '../local/sample';
import { createCompiler, type TableDeclaration } from '../src/compiler/compile';
import { createEngine, DEFAULTS, type Engine } from '../src/engine';
import type { HubMessage } from '../src/events/types';
import type { RulePlan } from '../src/plan/rule-plan';
import { DEFAULT_SETTINGS } from '../src/plan/rule-settings';
import { compileRule } from '../src/rules/compile';
import { readRule } from '../src/rules/read';
import { MemoryStore } from '../src/state/memory';

const ROUNDS = 7;
const BATCH = 100;
const NOW = new Date('2026-03-14T15:09:26Z');

const EVENT: TableDeclaration = {
  name: 'Event',
  columns: [
    { name: 'TimeGenerated', type: 'datetime' },
    { name: 'Source', type: 'string' },
    { name: 'EventLog', type: 'string' },
    { name: 'Computer', type: 'string' },
    { name: 'EventLevel', type: 'int' },
    { name: 'EventLevelName', type: 'string' },
    { name: 'EventID', type: 'int' },
    { name: 'EventCategory', type: 'int' },
    { name: 'UserName', type: 'string' },
    { name: 'EventData', type: 'string' },
    { name: 'RenderedDescription', type: 'string' },
    { name: 'Type', type: 'string' },
    { name: '_ResourceId', type: 'string' },
  ],
};
const compiler = createCompiler([EVENT]);

function planOf(yaml: string, file: string): RulePlan {
  const { plan, problems } = compileRule(compiler, readRule(yaml, file), DEFAULT_SETTINGS, 'settings.yaml');
  if (!plan) throw new Error(problems.map(({ message }) => message).join('\n'));
  return plan;
}

const dcom = planOf(readFileSync('rules/lateral-movement-via-dcom.yaml', 'utf8'), 'dcom.yaml');

/**
 * A rule as catalogues have them: an event of Sysmon, fields cut out of EventData, a few texts to look for. `kind` tells how much its bytes
 * give away: `rare`, texts that hardly an event has; `common`, an event alone, so that nothing can be told before it is parsed.
 */
function madeRule(number: number, kind: 'rare' | 'common'): RulePlan {
  const eventId = [1, 3, 7, 11, 13, 22][number % 6]!;
  const filter =
    kind === 'rare'
      ? `| where EventData has 'tool-${number}.exe' and EventData contains 'malicious-option-${number}'`
      : `| where Image endswith '\\\\tool-${number}.exe' or Image endswith '\\\\other-${number}.exe'`;
  const query = `Event
    | where EventLog =~ 'Microsoft-Windows-Sysmon/Operational' and EventID == ${eventId}
    | parse EventData with * '<Data Name="Image">' Image '<' *
    ${filter}
    | summarize Count = count(), StartTime = min(TimeGenerated) by Computer, Image`;
  const id = `00000000-0000-4000-8000-${String(number).padStart(12, '0')}`;
  return planOf(
    `id: ${id}\nname: made ${number}\ndescription: d\nseverity: Low\nrequiredDataConnectors: []\nqueryFrequency: 1h\nqueryPeriod: 1h\ntriggerOperator: gt\ntriggerThreshold: 0\ntactics: []\nrelevantTechniques: []\nversion: 1.0.0\nkind: Scheduled\nquery: |\n  ${query}\n`,
    `made-${number}.yaml`,
  );
}

const rules = (count: number, kind: 'rare' | 'common'): RulePlan[] => [
  dcom,
  ...Array.from({ length: count - 1 }, (_, number) => madeRule(number, kind)),
];

const engineOf = (plans: readonly RulePlan[]): Engine =>
  createEngine({
    ...DEFAULTS,
    plans,
    store: new MemoryStore(),
    tables: { state: 'state', alerts: 'alerts', control: 'control' },
    sinks: [],
    deadLetters: {
      async write(letters) {
        throw new Error(`dead letter: ${letters[0]!.detail}`);
      },
    },
    mode: 'replay',
    log: () => {},
  });

const sample = generateSample({ now: NOW });
/** As data export sends them, some tens of rows a message; and one row a message, as agents of the Kafka kind do. */
const INPUTS = {
  batched: sample.messages,
  single: sample.messages.flatMap((body) =>
    (JSON.parse(body.toString()) as { records: unknown[] }).records.map((row) => Buffer.from(JSON.stringify(row))),
  ),
};
const messagesOf = (bodies: readonly Buffer[], from = 0): HubMessage[] =>
  bodies.map((body, i) => ({ body, sequenceNumber: from + i, enqueuedTime: NOW.getTime() }));

interface Counts {
  messages: number;
  skipped: number;
  records: number;
  matches: number;
}

async function evaluateAll(engine: Engine, messages: readonly HubMessage[], partition: string): Promise<Counts> {
  const total: Counts = { messages: 0, skipped: 0, records: 0, matches: 0 };
  for (let from = 0; from < messages.length; from += BATCH) {
    const batch = messages.slice(from, from + BATCH);
    const result = await engine.evaluate({ source: { namespace: 'n', hub: 'h', partition }, messages: batch });
    total.messages += result.messages;
    total.skipped += result.skipped;
    total.records += result.records;
    total.matches += result.matches;
  }
  return total;
}

/** Processor time of the process, ms: unlike the clock, it does not count what other processes take. */
function cpu(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}

/** Best of some rounds, ms: the machine's own noise only ever adds. */
async function best(rounds: number, run: (round: number) => unknown): Promise<number> {
  let found = Number.POSITIVE_INFINITY;
  for (let round = 0; round < rounds; round++) {
    const start = cpu();
    await run(round);
    found = Math.min(found, cpu() - start);
  }
  return found;
}

const CASES = (['single', 'batched'] as const).flatMap((input) =>
  [
    { count: 1, kind: 'rare' as const },
    { count: 10, kind: 'rare' as const },
    { count: 100, kind: 'rare' as const },
    { count: 10, kind: 'common' as const },
    { count: 100, kind: 'common' as const },
  ].map(({ count, kind }) => ({ name: `${input}, ${count} ${kind}`, input, count, kind })),
);

async function measure(): Promise<void> {
  for (const input of ['single', 'batched'] as const) {
    const bodies = INPUTS[input];
    const parse = () => {
      for (const body of bodies) JSON.parse(body.toString());
    };
    const floor = await best(ROUNDS, parse);
    console.log(
      JSON.stringify({ name: `${input}, JSON.parse`, messagesPerSecond: Math.round((bodies.length / floor) * 1000) }),
    );
    for (const one of CASES.filter((candidate) => candidate.input === input)) {
      const engine = engineOf(rules(one.count, one.kind));
      const messages = messagesOf(bodies);
      let counts: Counts | undefined;
      const time = await best(ROUNDS, async (round) => {
        counts = await evaluateAll(engine, messages, String(round));
      });
      console.log(
        JSON.stringify({
          name: one.name,
          messagesPerSecond: Math.round((messages.length / time) * 1000),
          timesJsonParse: Number((time / Math.min(floor, await best(3, parse))).toFixed(2)),
          skipped: Number((counts!.skipped / counts!.messages).toFixed(3)),
          matches: counts!.matches,
        }),
      );
    }
  }
}

async function profile(name: string): Promise<void> {
  const one = CASES.find((candidate) => candidate.name === name);
  if (!one)
    throw new Error(`no measurement ${name}; there are: ${CASES.map((candidate) => candidate.name).join('; ')}`);
  const engine = engineOf(rules(one.count, one.kind));
  const messages = messagesOf(INPUTS[one.input]);
  const end = performance.now() + 10_000;
  for (let round = 0; performance.now() < end; round++) await evaluateAll(engine, messages, String(round % 8));
}

/** Every message is new to the evaluator: positions go on, and so do the rows' hours. */
async function memory(count: number): Promise<void> {
  const engine = engineOf(rules(10, 'common'));
  const bodies = INPUTS.single;
  let done = 0;
  for (let step = 1; step <= 10; step++) {
    while (done < (count / 10) * step) {
      const messages = messagesOf(bodies, done);
      await evaluateAll(engine, messages, '0');
      done += messages.length;
    }
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

async function main([option, value]: readonly string[]): Promise<void> {
  if (option === '--profile') await profile(value ?? '');
  else if (option === '--memory') await memory(Number(value ?? 1_000_000));
  else await measure();
}

void main(process.argv.slice(2));
