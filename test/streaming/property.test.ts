import fc from 'fast-check';
import { queryOf } from '../support/query-source';
import { eventOf } from '../support/random-events';
import { DAY, difference, HOUR, MINUTE, schedule, streamed } from '../support/stream';

const RUNS = Number(process.env.OUTRIDER_RUNS ?? 60);
const SEED = process.env.OUTRIDER_SEED === undefined ? Date.now() % 2 ** 31 : Number(process.env.OUTRIDER_SEED);

const SCHEDULES = [
  schedule(HOUR, HOUR),
  schedule(5 * MINUTE, HOUR),
  schedule(DAY, 14 * DAY),
  schedule(10 * MINUTE, 15 * MINUTE),
  schedule(HOUR, 5 * MINUTE),
  schedule(MINUTE, MINUTE, 'enqueued'),
];

const seed = fc.noShrink(fc.nat());
const trial = fc.record({
  schedule: fc.nat(SCHEDULES.length - 1),
  source: seed,
  steps: fc.array(seed, { maxLength: 5, size: 'max' }),
  events: fc.array(seed, { maxLength: 14, size: 'max' }),
  delivery: fc.oneof({ weight: 1, arbitrary: fc.constant(0) }, { weight: 6, arbitrary: seed }),
});

describe('streamed result = batch result', () => {
  it(`holds for random queries, events, cuts and redelivery (seed ${SEED}, ${RUNS} runs)`, async () => {
    const counts = { queries: 0, groups: 0, rows: 0, bounded: 0, several: 0, none: 0 };
    await fc.assert(
      fc.asyncProperty(trial, async ({ schedule: chosen, source, steps, events: seeds, delivery }) => {
        const { text, plan } = queryOf(source, steps);
        const query = {
          plan,
          schedule: SCHEDULES[chosen]!,
          events: seeds.map((item) => eventOf(item, SCHEDULES[chosen]!)),
          delivery,
        };
        const { split } = await streamed({ ...query, events: [] }).catch((error: Error) => {
          throw new Error(`${text}\n${error.message}`, { cause: error });
        });
        counts.queries++;
        if (split.legs.length === 0) counts.none++;
        if (split.legs.length > 1) counts.several++;
        if (split.legs.some((leg) => leg.group)) counts.groups++;
        if (split.legs.some((leg) => !leg.group)) counts.rows++;
        if (JSON.stringify(split.flush).includes('"within"')) counts.bounded++;
        const differs = await difference(query);
        if (differs !== undefined) throw new Error(`${text}\n${JSON.stringify(query.events)}\n${differs}`);
      }),
      { seed: SEED, numRuns: RUNS },
    );
    process.stderr.write(`stream = batch: seed ${SEED}, ${JSON.stringify(counts)}\n`);
    expect(counts.queries).toBeGreaterThanOrEqual(RUNS);
    expect(counts.groups).toBeGreaterThan(RUNS / 20);
    expect(counts.rows).toBeGreaterThan(RUNS / 20);
  }, 86_400_000);
});
