import type { Measure, Result } from '../frame/measure';
import { summaryOf } from '../frame/statistics';
import { measureSlowEvaluate, type SlowStoreRow } from '../slow-store/evaluate';

/** What one partition must do, events a second by the clock, by the number of rules. */
const FLOORS = { 17: 40_000, 100: 15_000, 1000: 5_000 } as const;

/** `evaluate` over a store that answers every request after 5 ms. */
export const SLOW_STORE: Measure = {
  name: 'slow-store',
  title: 'evaluate, one partition, a store that takes 5 ms a request',
  async run({ isQuick, progress }) {
    const results: Result[] = [];
    for (const [rules, atLeast] of Object.entries(FLOORS)) {
      const rows: SlowStoreRow[] = [];
      for (let round = 0; round < (isQuick ? 1 : 5); round++) {
        progress(`${rules} rules, round ${round}`);
        const options = { rules: [Number(rules)], events: isQuick ? 1_000 : 10_000, rounds: 1 };
        rows.push(...(await measureSlowEvaluate(options)));
      }
      const [first] = rows;
      results.push({
        name: `slow-store/${rules}`,
        title: `${this.title}, ${rules} rules, a tenth busy`,
        unit: 'events/s',
        wall: summaryOf(rows.map(({ value }) => value)),
        cpu: summaryOf(rows.map(({ cpu }) => cpu)),
        floor: { of: 'wall', atLeast },
        sizes: {
          rules: first!.rules,
          'busy rules': first!.busyRules,
          events: first!.events,
          matches: first!.matches,
          'reads a batch': first!.reads,
          'transactions a batch': first!.transactions,
          'requests one after another, a batch': first!.oneAfterAnother,
          'events from': 'generated (local/sample)',
        },
      });
    }
    return results;
  },
};
