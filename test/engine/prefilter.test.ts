import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { generateSample } from '../../local/sample';
import { createEngine, type UnevaluatedRecord } from '../../src/engine';
import type { HubMessage } from '../../src/events/types';
import { normalizeUnions, prunePlan } from '../../src/kql';
import { Prefilter } from '../../src/prefilter';
import { MemoryStore } from '../../src/state/memory';
import { splitPlan } from '../../src/streaming/split';
import { engineOptions } from '../support/engine-options';
import { compiledPlan, rulePlanOf } from '../support/stream';

const NOW = Date.UTC(2026, 2, 14, 15, 9, 26);
const schedule = { frequencyMs: 3_600_000, periodMs: 3_600_000, clock: 'event' } as const;

const QUERIES = [
  `Event | where EventID == 1 | parse EventData with * 'ParentCommandLine">' Parent '<' * | where Parent has 'DcomLaunch' | summarize count() by Computer`,
  `Event | where EventID in (1, 3) and EventData has_any ('mmc.exe', 'powershell.exe') | project TimeGenerated, Computer, EventID`,
  `Event | where (EventID == 3 and EventData contains 'DestinationPort') or (EventID == 7 and EventData matches regex @'(?i)(amsi|clr)\\.dll') | summarize count() by EventID`,
  `Event | extend d = parse_xml(EventData) | where tostring(d) has 'Embedding' | summarize count() by Computer`,
  `Event | extend c = tolower(tostring(EventData)) | where c has 'mmc.exe -embedding' | project Computer, TimeGenerated`,
  `Event | where EventLog =~ 'Microsoft-Windows-Sysmon/Operational' | summarize count() by EventID`,
  `Event | where Computer =~ 'ws01.corp.example.com' and Source has 'sysmon' | summarize count() by Computer`,
];
const plans = QUERIES.map((query, number) => {
  const stream = splitPlan(prunePlan(normalizeUnions(compiledPlan(query))), { ...schedule, timeBasis: 'event' });
  const plan = rulePlanOf(stream, schedule);
  return { ...plan, rule: { ...plan.rule, id: `00000000-0000-4000-8000-00000000000${number}` } };
});

/** What messages leave behind: state, and dead letters. */
async function evaluated(messages: readonly HubMessage[], rules = plans) {
  const store = new MemoryStore();
  const letters: UnevaluatedRecord[] = [];
  const deadLetters = { write: async (list: readonly UnevaluatedRecord[]) => void letters.push(...list) };
  const engine = createEngine(engineOptions(store, { plans: rules, deadLetters, mode: 'replay' }));
  const counts = await engine.evaluate({ source: { namespace: 'n', hub: 'h', partition: '0' }, messages });
  const state: unknown[] = [];
  for await (const page of store.query('state', { partitionFrom: '', partitionTo: '~' }))
    state.push(...page.map(({ partitionKey, rowKey, properties }) => ({ partitionKey, rowKey, properties })));
  return {
    state,
    letters: letters.map(({ record, reason, detail, sequenceNumber }) => ({ record, reason, detail, sequenceNumber })),
    counts,
  };
}

const SAMPLES = join(__dirname, '../events/samples');
const rows = generateSample({ now: new Date(NOW) }).messages.flatMap((body) =>
  (JSON.parse(body.toString()) as { records: object[] }).records.map((record) => JSON.stringify(record)),
);
const attacks = rows.filter((row) => /mmc\.exe|powershell|DcomLaunch/i.test(row));
const shipped = readdirSync(SAMPLES)
  .map((file) => readFileSync(join(SAMPLES, file)))
  .filter((body) => body.length < 20_000);

describe('with and without the prefilter', () => {
  afterEach(() => jest.restoreAllMocks());

  it('state and dead letters are the same, whatever comes', async () => {
    const row = fc.oneof(fc.constantFrom(...rows), fc.constantFrom(...attacks));
    const body = fc.oneof(
      {
        weight: 4,
        arbitrary: fc
          .array(row, { minLength: 1, maxLength: 5 })
          .map((list) => Buffer.from(`{"records":[${list.join()}]}`)),
      },
      {
        weight: 2,
        arbitrary: fc.array(row, { minLength: 1, maxLength: 3 }).map((list) => Buffer.from(list.join('\n'))),
      },
      { weight: 4, arbitrary: fc.constantFrom(...shipped) },
    );
    const change = fc.option(
      fc.tuple(
        fc.nat(),
        fc.constantFrom('', '"', '\\', '<', '{', ']', 'x', '\\u0041', '&#65;', '\u212a', '7'),
        fc.boolean(),
      ),
      { freq: 3 },
    );
    const seen = { skipped: 0, letters: 0, matches: 0, state: 0 };
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(body, change), { minLength: 1, maxLength: 6 }),
        fc.subarray(plans, { minLength: 1 }),
        async (made, rules) => {
          const messages = made.map(([bytes, changed], sequenceNumber): HubMessage => {
            const at = changed ? changed[0] % bytes.length : 0;
            const whole = changed
              ? Buffer.concat([
                  bytes.subarray(0, at),
                  Buffer.from(changed[1]),
                  bytes.subarray(at + (changed[2] ? 1 : 0)),
                ])
              : bytes;
            return { body: whole, sequenceNumber, enqueuedTime: NOW };
          });
          const with_ = await evaluated(messages, rules);
          jest.spyOn(Prefilter.prototype, 'judge').mockReturnValue({ kind: 'whole' });
          const without = await evaluated(messages, rules);
          jest.restoreAllMocks();
          expect({ ...with_, counts: undefined }).toEqual({ ...without, counts: undefined });
          expect(without.counts.skipped).toBe(0);
          seen.skipped += with_.counts.skipped;
          seen.letters += with_.letters.length;
          seen.matches += with_.counts.matches;
          seen.state += with_.state.length;
        },
      ),
      { numRuns: 300 },
    );
    expect(seen.skipped).toBeGreaterThan(20);
    expect(seen.letters).toBeGreaterThan(20);
    expect(seen.matches).toBeGreaterThan(200);
    expect(seen.state).toBeGreaterThan(200);
  }, 240_000);
});
