import fc from 'fast-check';
import type { Op } from '../../src/kql';
import { LegRunner, type SourceEvent, type Survivor } from '../../src/streaming/leg-runner';
import { SharedStages } from '../../src/streaming/shared-stages';
import { testCompiler } from '../support/kql';
import { type Random, randomOf } from '../support/random';

const RUNS = Number(process.env.OUTRIDER_RUNS ?? 150);
const SEED = process.env.OUTRIDER_SEED === undefined ? Date.now() % 2 ** 31 : Number(process.env.OUTRIDER_SEED);
const QUERIES = 220;

const COLUMNS = [
  { name: 'TimeGenerated', type: 'datetime' },
  { name: 'EventID', type: 'int' },
  { name: 'Serial', type: 'long' },
  { name: 'EventLog', type: 'string' },
  { name: 'EventData', type: 'string' },
  { name: 'Bag', type: 'dynamic' },
] as const;
const compiler = testCompiler([{ name: 'Event', columns: [...COLUMNS] }]);

/** Few enough that rules and events meet. */
const WORDS = [
  'tool',
  'Tool',
  'TOOL-7',
  'mimikatz',
  'lsass.dmp',
  'straße',
  'K',
  'ſoftware',
  'a',
  '',
  'new',
  'text',
  'İx',
];
/** Texts that XML or JSON may tell in another form. */
const XML_WORDS = ['mimikatz', 'nmimikatz', 'text', '#text', 'Image', 'tool-7.exe', 'name=mimi'];
const XML_VALUES = [
  'mimikatz',
  'x\nmimikatz',
  'm&#105;mikatz',
  'mimi<!-- x -->katz',
  '<![CDATA[mimi]]>katz',
  'C:\\tool-7.exe',
  'name=mimi',
];
const LOGS = ['Security', 'SECURITY', 'system', 'Microsoft-Windows-Sysmon/Operational', 'ſecurity', ''];
const NUMBERS = [0, 1, 3, 4688, -1];
const FIELDS = ['Image', 'Hashes', 'User'];
const quoted = (text: string): string => `'${text.replace(/[\\']/g, '\\$&')}'`;

const word = (random: Random): string => quoted(random.pick(WORDS));
const list = (random: Random, item: (random: Random) => string): string =>
  Array.from({ length: 1 + random.below(4) }, () => item(random)).join(', ');
const number = (random: Random): string => String(random.pick(NUMBERS));
const log = (random: Random): string => quoted(random.pick(LOGS));

const texts = (random: Random): string =>
  random.pick([
    'EventLog',
    'EventData',
    'Bag',
    `tostring(Bag.${random.pick(FIELDS)})`,
    `Bag.${random.pick(FIELDS)}`,
    'parse_xml(EventData).EventData.Data[1]["#text"]',
    'parse_xml(EventData)',
    'tostring(parse_json(tostring(parse_xml(EventData).EventData)).Data)',
    'strcat(EventLog, "-", EventID)',
    'toupper(EventLog)',
  ]);

const CONDITIONS: readonly ((random: Random) => string)[] = [
  (random) => `EventID == ${number(random)}`,
  (random) => `EventID in (${list(random, number)})`,
  (random) => `Serial == ${random.pick([1, 3, 4611686018427387904n])}`,
  (random) => `${number(random)} == EventID`,
  (random) => `(EventID == ${number(random)} or EventID == ${number(random)})`,
  (random) => `EventLog =~ ${log(random)}`,
  (random) => `EventLog == ${log(random)}`,
  (random) => `EventLog in~ (${list(random, log)})`,
  (random) => `EventLog in (${list(random, log)})`,
  (random) =>
    `${texts(random)} ${random.pick(['has', 'contains', 'startswith', 'endswith', 'hasprefix', '=~', 'has_cs', '=='])} ${word(random)}`,
  (random) => `${texts(random)} !${random.pick(['has', 'contains', 'endswith'])} ${word(random)}`,
  (random) => `${texts(random)} ${random.pick(['has_any', 'has_all', 'in~', 'in'])} (${list(random, word)})`,
  (random) => `(${texts(random)} has ${word(random)} or ${texts(random)} has_any (${list(random, word)}))`,
  (random) => `(${texts(random)} has ${word(random)} and EventID > 1)`,
  (random) => `not(${texts(random)} contains ${word(random)})`,
  (random) =>
    `${random.pick(['parse_xml(EventData)', 'tostring(parse_xml(EventData).EventData.Data)', 'parse_xml(EventData).EventData.Data[0]["#text"]'])} ${random.pick(['has', 'contains', '=~'])} ${quoted(random.pick(XML_WORDS))}`,
  (random) =>
    `(parse_xml(EventData).EventData has ${quoted(random.pick(XML_WORDS))} or EventData contains ${quoted(random.pick(XML_WORDS))})`,
  () => 'isnotempty(EventData)',
  (random) => `assert(EventID != ${number(random)}, "no")`,
  (random) => `EventData matches regex "(?i)t[o0]+l${random.pick(['', '-[0-9]'])}"`,
];
const condition = (random: Random): string => random.pick(CONDITIONS)(random);

const STEPS: readonly ((random: Random) => string)[] = [
  (random) => `where ${condition(random)}`,
  (random) => `where ${condition(random)} and ${condition(random)}`,
  (random) => `where ${condition(random)} or ${condition(random)}`,
  (random) => `extend Text = ${texts(random)}`,
  (random) => `extend EventLog = ${random.pick(['tolower(EventLog)', 'strcat(EventLog, "x")'])}, Before = EventLog`,
  (random) => `extend Checked = assert(Serial != ${number(random)}, "bad serial") | where EventID > 0`,
  () => `parse EventData with * '<Data Name="Image">' EventLog '<' *`,
  () => `parse-where EventData with * 'Name="Hashes">' Hash:string '<' * | where Hash has "mimikatz"`,
  () => `parse EventData with * 'Name="Size">' Size:long '<' * | where Size in (1, 3)`,
  () => 'project-rename Number = EventID | where Number == 3 | project-rename EventID = Number',
  () => 'project-away Serial | extend Serial = tolong(EventID)',
  () => 'project TimeGenerated, EventID, Serial = EventID + 1, EventLog, EventData, Bag',
  () => 'extend Size = strlen(EventData) | where Size > 20',
  (random) => `mv-expand Part = split(EventData, 'o') | where tostring(Part) has ${word(random)}`,
];

const ENDS = ['', '', 'summarize N = count(), First = min(TimeGenerated) by EventLog, EventID', 'summarize by Serial'];

function queryOf(seed: number): string {
  const random = randomOf(seed);
  const steps = Array.from({ length: random.below(5) }, () => random.pick(STEPS)(random));
  const end = random.pick(ENDS);
  return ['Event', `where ${condition(random)}`, ...steps, ...(end === '' ? [] : [end])].join('\n| ');
}

interface OneLeg {
  readonly text: string;
  readonly runner: LegRunner;
}

function legOf(seed: number): OneLeg | undefined {
  const text = queryOf(seed);
  const { plan } = compiler.compile(text);
  // A later step may name a column that an earlier one took away, or gave another type.
  if (!plan) return undefined;
  const last = plan.ops.at(-1);
  const group = last?.op === 'summarize' ? last : undefined;
  const ops: readonly Op[] = group ? plan.ops.slice(0, -1) : plan.ops;
  const hash = String(seed);
  const bare = new LegRunner({ hash, branches: [{ table: 'Event', columns: COLUMNS, ops }], columns: [] }, 1);
  const columns = group ? [] : bare.schemaAt(0, ops.length);
  const leg = { hash, branches: [{ table: 'Event', columns: COLUMNS, ops }], columns, ...(group ? { group } : {}) };
  return { text, runner: new LegRunner(leg, 3_600_000) };
}

function eventOf(seed: number): SourceEvent {
  const random = randomOf(seed);
  const value = (): string =>
    random.pick([
      ...WORDS,
      ...XML_VALUES,
      'C:\\Tools\\tool-7.exe',
      'tool &amp; more',
      '&#116;ool',
      'to<!-- x -->ol',
      '<![CDATA[tool]]>',
      'x\ntext',
      '𐐨tool',
      '3',
    ]);
  const data = FIELDS.map((name) => `<Data Name="${name}">${value()}</Data>`).join('');
  const fields: Record<string, unknown> = {
    TimeGenerated: random.pick(['2026-01-01T00:30:00.0000000Z', '2026-01-01T01:00:00.0000000Z']),
    EventID: random.pick<unknown>([...NUMBERS, null, '3', 3.7, 'x']),
    Serial: random.pick<unknown>([...NUMBERS, null, 4611686018427387904n, '1', true]),
    EventLog: random.pick<unknown>([...LOGS, null, 7]),
    EventData: random.pick<unknown>([
      `<EventData>${data}<Data Name="Size">${value()}</Data></EventData>`,
      `<EventData>${data}</EventData>`,
      `<EventData>${data}`,
      value(),
      { Image: value() },
      null,
    ]),
    Bag: random.pick<unknown>([
      Object.fromEntries(FIELDS.map((name) => [name, value()])),
      JSON.stringify(Object.fromEntries(FIELDS.map((name) => [name, value()]))),
      '{"Image":"t\\u006fol","Hashes":1.0}',
      [value(), 1],
      value(),
      null,
    ]),
  };
  if (random.below(8) === 0) delete fields[random.pick(['EventID', 'EventLog', 'EventData', 'Bag'])];
  return { table: 'Event', fields, ingestion: 0n, origin: 'o' };
}

/** What the state of a leg would take of an event, or what it fails of. */
function outcome(runner: LegRunner, survivors: () => Survivor[]): unknown {
  try {
    return survivors().map((survivor) => [
      survivor.paneStart,
      survivor.order,
      survivor.groupKey,
      runner.summarize ? runner.fold(undefined, [survivor]) : runner.keep(survivor),
    ]);
  } catch (error) {
    return (error as Error).message;
  }
}

describe('rules that share what they have in common', () => {
  it(`give what each gives alone (seed ${SEED}, ${RUNS} runs)`, () => {
    const random = randomOf(SEED);
    const legs: OneLeg[] = [];
    for (let i = 0; i < QUERIES; i++) {
      const leg = legOf(random.below(2 ** 30));
      if (leg) legs.push(leg);
    }
    const counts = { legs: legs.length, rows: 0, failed: 0, dropped: 0 };
    const trial = fc.record({
      chosen: fc.uniqueArray(fc.nat(legs.length - 1), { minLength: 1, maxLength: 60, size: 'max' }),
      events: fc.array(fc.noShrink(fc.nat()), { minLength: 1, maxLength: 12, size: 'max' }),
    });
    fc.assert(
      fc.property(trial, ({ chosen, events }) => {
        const beside = chosen.map((index) => legs[index]!);
        const stages = new SharedStages('Event', beside);
        for (const seed of events) {
          const event = eventOf(seed);
          const reached = new Map(stages.reached(event).map(({ leg, starts }) => [leg, starts]));
          // Some of them, few and many: as where it is known that the others drop the event.
          const only = beside.slice(seed % 3, (seed % 3) + (seed % 20));
          const some = new Map(stages.reached(event, only).map(({ leg, starts }) => [leg, starts]));
          expect([...some.keys()].filter((leg) => !only.includes(leg))).toEqual([]);
          for (const [at, leg] of [...beside.entries(), ...only.map((one) => [-1, one] as const)]) {
            const { runner, text } = leg;
            const starts = (at < 0 ? some : reached).get(leg);
            const shared = outcome(runner, () => (starts ? runner.survivorsFrom(event, starts) : []));
            const alone = outcome(runner, () => runner.survivors(event));
            if (typeof alone === 'string') counts.failed++;
            else if ((alone as unknown[]).length > 0) counts.rows++;
            else counts.dropped++;
            if (JSON.stringify(shared) !== JSON.stringify(alone))
              throw new Error(
                `${text}\n${JSON.stringify(event.fields, (_, v) => (typeof v === 'bigint' ? `${v}n` : v))}\nalone  ${JSON.stringify(alone)}\nshared ${JSON.stringify(shared)}`,
              );
          }
        }
      }),
      { seed: SEED, numRuns: RUNS },
    );
    process.stderr.write(`shared = alone: seed ${SEED}, ${JSON.stringify(counts)}\n`);
    expect(counts.legs).toBeGreaterThan(QUERIES / 2);
    expect(counts.rows).toBeGreaterThan(RUNS);
    expect(counts.failed).toBeGreaterThan(0);
  }, 86_400_000);
});
