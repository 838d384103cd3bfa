import { runHistory } from './history';
import { chaosRules } from './rules';

const RUNS = Number(process.env.OUTRIDER_HISTORIES ?? 25);
const SEED = process.env.OUTRIDER_SEED === undefined ? Date.now() % 2 ** 31 : Number(process.env.OUTRIDER_SEED);

const addAll = (into: Map<string, number>, from: ReadonlyMap<string, number>): void => {
  for (const [key, n] of from) into.set(key, (into.get(key) ?? 0) + n);
};
const table = (counts: ReadonlyMap<string, number>): string =>
  [...counts]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, n]) => `  ${key}: ${n}`)
    .join('\n');

describe('model of the protocol', () => {
  it(`alerts equal the batch result after any history (seed ${SEED}, ${RUNS} histories)`, async () => {
    const rules = chaosRules();
    const steps = new Map<string, number>();
    const crashes = new Map<string, number>();
    const happened = new Map<string, number>();
    for (let i = 0; i < RUNS; i++) {
      const outcome = await runHistory(rules, SEED + i);
      addAll(steps, outcome.steps);
      addAll(crashes, outcome.crashes);
      addAll(happened, outcome.happened);
      if (outcome.problems.length > 0)
        throw new Error(
          `history ${SEED + i} (OUTRIDER_SEED=${SEED + i} OUTRIDER_HISTORIES=1):\n${outcome.problems.slice(0, 5).join('\n')}`,
        );
    }
    process.stderr.write(
      `histories: seed ${SEED}, ${RUNS}\nsteps\n${table(steps)}\nsteps where a process was killed or a request failed\n${table(crashes)}\nwhat happened\n${table(happened)}\n`,
    );
    for (const what of [
      'killed',
      'flush with corrections',
      'redelivery',
      'event late',
      'event too late',
      'window with alerts',
    ])
      expect(happened.get(what) ?? 0).toBeGreaterThan(0);
  }, 86_400_000);
});
