import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { recordsIn } from '../../src/deadletters/message-parts';
import { createEngine, DEFAULTS, type Engine, type UnevaluatedRecord } from '../../src/engine';
import { decode } from '../../src/events/decode';
import { foldConstants, normalizeUnions, prunePlan } from '../../src/kql';
import type { RulePlan } from '../../src/plan/rule-plan';
import { createPrefilter } from '../../src/prefilter';
import { MemoryStore } from '../../src/state/memory';
import { readState } from '../../src/state/read';
import { splitPlan } from '../../src/streaming/split';
import { randomOf } from '../support/random';
import { compiledPlan, HOUR, rulePlanOf, schedule } from '../support/stream';
import { mutated } from './mutations';

/**
 * Mutated messages through the decoder and the engine: no crash, every record evaluated or in dead letters, no growth of memory. What the
 * prefilter rules out counts as evaluated, and holds no row that any rule could count, whatever else is wrong with it.
 * OUTRIDER_HOSTILE=1000000 for the long form, OUTRIDER_SEED for other messages.
 */
const MESSAGES = Number(process.env.OUTRIDER_HOSTILE ?? 3000);
const SEED = Number(process.env.OUTRIDER_SEED ?? 1);
const BATCH = 50;
/** A new engine and store after so many messages: what is still held then is a leak. */
const BLOCK = 1000;

const QUERIES = [
  'Event | count',
  `Event
  | where EventLog =~ "Microsoft-Windows-Sysmon/Operational" and EventID == 1
  | parse EventData with * 'CommandLine">' CommandLine "<" * 'ParentCommandLine">' ParentCommandLine "<" *
  | where isnotempty(CommandLine)
  | parse EventData with * 'Image">' Image "<" * 'User">' User "<" *
  | summarize StartTime = min(TimeGenerated), Count = count(), make_set(Image, 10) by Computer, CommandLine, User`,
  'Event | where EventID in (3, 7) | sort by TimeGenerated asc | take 5',
  'Event | extend D = parse_json(EventData), X = parse_xml(EventData) | where tostring(X) matches regex "(a+)+$" or tolong(D.x) > 1 | summarize count() by tostring(D.a)',
];

const plans = QUERIES.map((query, i): RulePlan => {
  const stream = splitPlan(prunePlan(normalizeUnions(foldConstants(compiledPlan(query)))), {
    frequencyMs: HOUR,
    periodMs: HOUR,
    timeBasis: 'event',
  });
  const plan = rulePlanOf(stream, schedule(HOUR, HOUR));
  return JSON.parse(
    JSON.stringify({ ...plan, rule: { ...plan.rule, id: `${plan.rule.id.slice(0, -1)}${i}` } }),
  ) as RulePlan;
});

const prefilter = createPrefilter(plans.flatMap(({ requirements }) => requirements));

function samples(): Buffer[] {
  const own = join(__dirname, '..', 'events', 'samples');
  const files = [
    ...readdirSync(own).map((name) => join(own, name)),
    join(__dirname, '..', 'e2e', 'samples', 'attack.json'),
  ];
  const bodies = files.map((file) => readFileSync(file));
  const lines = [
    join(__dirname, '..', 'e2e', 'samples', 'ordinary.ndjson'),
    join(__dirname, '..', '..', '..', 'shared', 'data', 'sysmon-event-table.ndjson'),
  ];
  for (const file of lines.filter((name) => existsSync(name)))
    for (const line of readFileSync(file, 'utf8').split('\n').filter(Boolean).slice(0, 60))
      bodies.push(Buffer.from(line));
  return bodies.filter((body) => body.length < 60_000);
}

const engineOf = (store: MemoryStore, letters: UnevaluatedRecord[]): Engine =>
  createEngine({
    ...DEFAULTS,
    plans,
    store,
    tables: { state: 'state', alerts: 'alerts', control: 'control' },
    sinks: [],
    deadLetters: { write: async (list) => void letters.push(...list) },
    mode: 'replay',
    log: () => undefined,
  });

const collect = (): void => {
  setFlagsFromString('--expose-gc');
  (runInNewContext('gc') as () => void)();
};

it(
  `${MESSAGES} hostile messages: each evaluated or in dead letters, and no harm done`,
  async () => {
    const random = randomOf(SEED);
    const bodies = samples();
    const reasons = new Map<string, number>();
    const heaps: number[] = [];
    let records = 0;
    let unseen = 0;
    let ruledOut = 0;
    let deadLetters = 0;
    let counted = 0;
    let rss = 0;
    let slowest = { ms: 0, ways: '' };
    const before = Object.getOwnPropertyNames(Object.prototype).sort();
    for (let done = 0; done < MESSAGES; done += BLOCK) {
      const store = new MemoryStore();
      const letters: UnevaluatedRecord[] = [];
      const engine = engineOf(store, letters);
      let rows = 0;
      for (let from = 0; from < Math.min(BLOCK, MESSAGES - done); from += BATCH) {
        // As between two invocations: what Node does on a next tick would wait, and be kept, for as long as promises only follow each other.
        await new Promise(setImmediate);
        const batch = Array.from({ length: BATCH }, (_, i) => ({
          ...mutated(bodies, random),
          sequenceNumber: from + i,
          enqueuedTime: 1_770_000_000_000,
        }));
        let rejected = 0;
        for (const message of batch) {
          const started = cpu();
          const decoded = decode(message);
          const ms = cpu() - started;
          if (ms > slowest.ms) slowest = { ms, ways: message.ways.join(', ') };
          if (decoded.records.length + decoded.rejected.length === 0 && message.body.length >= 200)
            throw new Error(`lost: ${message.ways} ${message.body.toString('base64').slice(0, 2000)}`);
          const events = decoded.records.filter(({ table }) => table === 'Event').length;
          rows += events;
          // Ruled out by its bytes, unread: nothing a rule looks for may be in it, and what is broken in it stays unseen.
          if (!prefilter(message.body)) {
            ruledOut++;
            if (events > 0)
              throw new Error(`ruled out with rows in it: ${message.ways} ${message.body.toString('base64')}`);
            unseen += decoded.rejected.length;
          } else rejected += decoded.rejected.length;
          for (const { reason } of decoded.rejected) reasons.set(reason, (reasons.get(reason) ?? 0) + 1);
        }
        const source = { namespace: 'n', hub: 'h', partition: '0' };
        const known = letters.length;
        const result = await engine.evaluate({ source, messages: batch });
        records += result.records;
        // What the decoder refuses is in dead letters; a rule that fails on a row, and a state that is refused, come on top.
        const refused = letters
          .slice(known)
          .filter(({ ruleId }) => ruleId === undefined)
          .reduce((sum, { parts }) => sum + (parts ? recordsIn(parts) : 1), 0);
        if (refused !== rejected) throw new Error(`${rejected} records were refused, ${refused} are in dead letters`);
        for (const { reason, ruleId } of letters.slice(known))
          if (ruleId !== undefined) reasons.set(reason, (reasons.get(reason) ?? 0) + 1);
      }
      // The first rule counts every row of the table, whatever else is wrong with it.
      const counting = plans[0]!.stream.legs[0]!.hash;
      let ofBlock = 0;
      for await (const item of readState(store, 'state', {
        partitionFrom: `${counting}.`,
        partitionTo: `${counting}/`,
      }))
        if (item.kind === 'group') ofBlock += countOf(item.value);
      const failed = letters.filter(({ ruleId }) => ruleId === plans[0]!.rule.id).length;
      expect(ofBlock + failed).toBe(rows);
      counted += ofBlock;
      deadLetters += letters.length;
      await engine.flush(Date.now());
      collect();
      const memory = process.memoryUsage();
      heaps.push(memory.heapUsed);
      rss = Math.max(rss, memory.rss);
    }
    expect(Object.getOwnPropertyNames(Object.prototype).sort()).toEqual(before);
    expect(({} as Record<string, unknown>).polluted).toBeUndefined();
    const [first, last] = [Math.max(...heaps.slice(0, 2)), heaps.at(-1)!];
    process.stdout.write(
      `hostile: ${JSON.stringify({ seed: SEED, messages: MESSAGES, ruledOut, records, evaluated: counted, deadLetters, unseen, reasons: Object.fromEntries(reasons), slowest, heapMiB: [first, last].map((bytes) => bytes >> 20), rssMiB: rss >> 20 })}\n`,
    );
    expect(reasons.size).toBeGreaterThan(5);
    expect(unseen).toBeLessThan(MESSAGES / 100);
    expect(last - first).toBeLessThan(32 << 20);
    expect(slowest.ms).toBeLessThan(5_000);
  },
  600_000 + MESSAGES * 100,
);

/** Processor time of the process, ms: the clock would count what other processes take. */
function cpu(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}

/** The count in the stored partial aggregate. */
function countOf(value: string): number {
  const found = /\d+/.exec(value);
  if (!found) throw new Error(`not a partial count: ${value}`);
  return Number(found[0]);
}
