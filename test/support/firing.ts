import { msFromTicks, type Pipeline } from '../../src/kql';
import type { RulePlan, RuleSchedule } from '../../src/plan/rule-plan';
import { batchAnswer, batchEvents, deliveriesOf, type StreamEvent, streamedRules } from './stream';

/** A rule with events that it looks for. */
export interface FiringRule {
  readonly name: string;
  readonly plan: RulePlan;
  /** The query as a batch. */
  readonly query: Pipeline;
  readonly events: readonly StreamEvent[];
}

export interface Fired {
  /** What the stream says other than the query, a text a window. */
  readonly differences: readonly string[];
  /** Result rows of each rule over all windows compared. */
  readonly rows: ReadonlyMap<string, number>;
  /** Records that could not be evaluated. */
  readonly letters: number;
}

/** Streams the events of all rules together, in the delivery that `seed` decides, and compares the windows that each rule's own are in. */
export async function fire(rules: readonly FiringRule[], seed: number): Promise<Fired> {
  const events = rules.flatMap((rule) => rule.events);
  const stream = await streamedRules(
    rules.map(({ plan }) => ({
      ...plan,
      settings: { ...plan.settings, enabled: true },
      isSilentWithoutEvents: false,
    })),
    deliveriesOf(events, seed),
  );
  const all = batchEvents(events);
  const differences: string[] = [];
  const rows = new Map<string, number>();
  for (const [i, { plan, query, name, events: own }] of rules.entries()) {
    let found = 0;
    for (const end of windowEnds(plan.schedule, own)) {
      const batch = batchAnswer(query, plan.schedule, all, end);
      const got = await stream.answer(i, end);
      if (JSON.stringify(got) !== JSON.stringify(batch)) {
        const window = `${name} ${new Date(end).toISOString()}`;
        differences.push(`${window}\nbatch  ${JSON.stringify(batch)}\nstream ${JSON.stringify(got)}`);
      }
      if ('rows' in batch) found += batch.rows.length;
    }
    rows.set(name, found);
  }
  return { differences, rows, letters: stream.letters.length };
}

/** The first window that each event is in, and the last that any is in with the empty one after it. */
function windowEnds({ frequencyMs, periodMs, clock }: RuleSchedule, events: readonly StreamEvent[]): number[] {
  const times = batchEvents(events).map(({ time, ingestion }) => msFromTicks(clock === 'enqueued' ? ingestion : time));
  const last = Math.floor((Math.max(...times) + periodMs) / frequencyMs) * frequencyMs;
  const firsts = times.map((time) => (Math.floor(time / frequencyMs) + 1) * frequencyMs);
  return [...new Set([...firsts, last, last + frequencyMs])].sort((a, b) => a - b);
}
