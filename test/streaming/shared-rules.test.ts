import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { decode } from '../../src/events/decode';
import type { HubMessage } from '../../src/events/types';
import { msFromTicks, parseDatetime, ticksFromMs } from '../../src/kql';
import { loadWorkspace } from '../../src/rules/workspace';
import { randomOf } from '../support/random';
import { type BatchEvent, batchAnswer, cut, streamedRules } from '../support/stream';

const SHARED = join(__dirname, '../../../shared');
const RULES = join(SHARED, 'rules');
const DATA = join(SHARED, 'data');
/** Windows compared of a rule and file. */
const MOST_WINDOWS = 3;

const bodies = (file: string): Buffer[] => {
  const bytes = readFileSync(join(DATA, file));
  const text = (file.endsWith('.gz') ? gunzipSync(bytes) : bytes).toString('utf8');
  return text
    .split('\n')
    .filter((line) => line.trim() !== '')
    .map((line) => Buffer.from(line));
};

/** Rules and events as users bring them. They are no part of this repository: the test runs only where they lie beside it. */
(existsSync(RULES) && existsSync(DATA) ? describe : describe.skip)('real rules over real events, streamed', () => {
  const files = existsSync(DATA) ? readdirSync(DATA) : [];

  it.each(files)(
    '%s: every window of every rule is what the query gives',
    async (file) => {
      const workspace = await loadWorkspace({
        rules: [RULES],
        tables: [join(__dirname, '../../tables')],
        hunting: true,
      });
      const rules = workspace.rules.flatMap(({ plan, query }) => (plan && query ? [{ plan, query }] : []));
      expect(rules.length).toBeGreaterThan(10);
      const random = randomOf(7);
      const logs: HubMessage[][] = [[], [], []];
      const events: BatchEvent[] = [];
      for (const body of bodies(file)) {
        const { records } = decode({ body });
        const times = records.map(({ fields }) => parseDatetime(String(fields.TimeGenerated))!);
        const enqueuedTime = Math.max(0, ...times.map(msFromTicks)) + random.below(60_000);
        records.forEach(({ table, fields }, i) => {
          events.push({ table, fields, time: times[i]!, ingestion: ticksFromMs(enqueuedTime) });
        });
        const log = logs[random.below(logs.length)]!;
        log.push({ body, sequenceNumber: log.length, enqueuedTime });
      }
      const plans = rules.map(({ plan }) => ({
        ...plan,
        settings: { ...plan.settings, enabled: true },
        // Empty windows are to be run as well.
        isSilentWithoutEvents: false,
      }));
      const stream = await streamedRules(plans, cut(logs, random, 500));
      expect(stream.letters).toEqual([]);
      let withRows = 0;
      for (const [i, { plan, query }] of rules.entries()) {
        const { frequencyMs, periodMs, clock } = plan.schedule;
        const ends = new Set<number>();
        for (const { time, ingestion } of events) {
          const at = msFromTicks(clock === 'enqueued' ? ingestion : time);
          ends.add((Math.floor(at / frequencyMs) + 1) * frequencyMs);
          ends.add(Math.floor((at + periodMs) / frequencyMs) * frequencyMs);
        }
        const sorted = [...ends].sort((a, b) => a - b);
        const step = Math.ceil(sorted.length / MOST_WINDOWS);
        for (const end of sorted.filter((_, n) => n % step === 0)) {
          const batch = batchAnswer(query, plan.schedule, events, end);
          const got = await stream.answer(i, end);
          if (JSON.stringify(got) !== JSON.stringify(batch))
            throw new Error(
              `${plan.rule.name} ${new Date(end).toISOString()}\nbatch  ${JSON.stringify(batch)}\nstream ${JSON.stringify(got)}`,
            );
          if ('rows' in batch && batch.rows.length > 0) withRows++;
        }
      }
      process.stderr.write(`${file}: ${rules.length} rules, ${withRows} windows with rows\n`);
      expect(events.length).toBeGreaterThan(0);
    },
    300_000,
  );
});
