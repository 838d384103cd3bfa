import { gapsOf, reportOf, runHistories } from './histories';
import { chaosRules } from './rules';

/**
 * OUTRIDER_HISTORIES=10000 for the long form (`node scripts/chaos.mjs` is faster: several processes, no test runner), OUTRIDER_SEED for a history,
 * OUTRIDER_LETTERS=100 for dead letters in each history, of which it is some third otherwise.
 */
const RUNS = Number(process.env.OUTRIDER_HISTORIES ?? 150);
/** The same histories each time, so that a run fails for what was changed. New ones are for `node scripts/chaos.mjs HISTORIES SEED`. */
const SEED = Number(process.env.OUTRIDER_SEED ?? 20_260_314);

describe('model of the protocol', () => {
  it(`alerts equal the batch result after any history (seed ${SEED}, ${RUNS} histories)`, async () => {
    const total = await runHistories(chaosRules(), SEED, SEED + RUNS);
    process.stderr.write(reportOf(SEED, total));
    expect(total.failures).toEqual([]);
    expect(gapsOf(total)).toEqual([]);
    if (RUNS < 100) return;
    for (const what of [
      'killed',
      'flush with corrections',
      'flush with withdrawals',
      'flush that waits for partitions',
      'flush that had no time for all',
      'redelivery',
      'event late',
      'event late, too much',
      'event early',
      'window with alerts',
      'window suppressed',
      'batch under another name of the namespace',
      'batch tried again by its process',
      'batch of a hub that is gone',
      'older process beside a newer',
      'plan refused by an older version',
      'rolled forward',
      'rule edited, other state',
      'everything delivered again',
      'flush with late panes of more than a page',
      'letter state-rejected',
      'letter rule-failed',
      'resend counted',
      'resend refused',
      'partition read again from its start',
    ])
      expect(`${what}: ${(total.happened[what] ?? 0) > 0}`).toBe(`${what}: true`);
  }, 86_400_000);
});
