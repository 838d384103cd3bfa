import type { Measure, Result } from '../frame/measure';
import { summaryOf } from '../frame/statistics';
import { measureSlowFlush, type SlowFlushRow } from './slow-flush-trial';

/** Seconds by the clock that a flush of a thousand rules may take, at most. */
const FLOORS = { nothing: 0.5, all: 4 } as const;

/** `flush` over a store that answers every request after 5 ms. */
export const SLOW_FLUSH: Measure = {
  name: 'slow-flush',
  title: 'flush, 1,000 rules, a store that takes 5 ms a request',
  async run({ isQuick, progress }) {
    const rules = isQuick ? 20 : 1_000;
    const rounds: SlowFlushRow[][] = [];
    for (let round = 0; round < (isQuick ? 1 : 3); round++) {
      progress(`${rules} rules, round ${round}`);
      rounds.push(await measureSlowFlush({ rules, rounds: 1 }));
    }
    return rounds[0]!.map(({ due, holding, requests, alerts }, i): Result => {
      const what = due === 0 ? 'nothing due' : `all due, ${holding} hold events`;
      return {
        name: `slow-flush/${due === 0 ? 'nothing-due' : `due-${holding}`}`,
        title: `${this.title}: ${what}`,
        unit: 's',
        wall: summaryOf(rounds.map((rows) => rows[i]!.value)),
        cpu: summaryOf(rounds.map((rows) => rows[i]!.cpu)),
        floor: { of: 'wall', atMost: due === 0 ? FLOORS.nothing : FLOORS.all },
        sizes: { rules, 'rules due': due, 'that hold events': holding, requests, alerts },
      };
    });
  },
};
