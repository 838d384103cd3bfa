import { createEngine } from '../../src/engine';
import type { RulePlan } from '../../src/plan/rule-plan';
import { MemoryStore } from '../../src/state/memory';
import { engineOptions } from '../support/engine-options';
import { T0, testPlan } from '../support/world';

const query = (filter: string): string =>
  `Event | where EventID == 1 | where ${filter} | summarize N = count() by Computer`;
const OTHER = '22222222-2222-4333-8444-555555555555';

/** A plan with a function that this engine does not have, as one of a later version may be. */
const foreign = JSON.parse(
  JSON.stringify(testPlan({ query: query('strlen(Computer) > 2'), id: OTHER })).replaceAll(
    '"strlen"',
    '"strlen_of_later"',
  ),
) as RulePlan;
const good = testPlan({ query: query("Computer matches regex 'p.*'") });

const engineOf = (plans: readonly RulePlan[], arePlansChecked: boolean, letters: string[] = []) =>
  createEngine(
    engineOptions(new MemoryStore(), {
      ...{ plans, arePlansChecked, mode: 'replay' },
      deadLetters: {
        async write(list) {
          letters.push(...list.map(({ ruleId, reason }) => `${ruleId} ${reason}`));
        },
      },
    }),
  );

const messages = [{ Type: 'Event', TimeGenerated: new Date(T0).toISOString(), EventID: 1, Computer: 'pc1' }].map(
  (row, sequenceNumber) => ({ body: Buffer.from(JSON.stringify(row)), sequenceNumber, enqueuedTime: T0 }),
);
const source = { namespace: 'n', hub: 'h', partition: '0' };

describe('plans of which it is not known whether this engine runs them', () => {
  it('fail at the start', () => {
    expect(() => engineOf([good, foreign], false)).toThrow(/strlen_of_later/);
  });
});

describe('plans that were built with this engine', () => {
  it('are prepared when events need them, with the same result', async () => {
    expect(await engineOf([good], true).evaluate({ source, messages })).toEqual(
      await engineOf([good], false).evaluate({ source, messages }),
    );
  });

  it('cost nothing before that; one that cannot be prepared after all puts its events aside, and those of no other rule', async () => {
    const letters: string[] = [];
    const engine = engineOf([good, foreign], true, letters);
    const { matches } = await engine.evaluate({ source, messages });
    expect({ matches, letters }).toEqual({ matches: 1, letters: [`${OTHER} rule-failed`] });
  });
});
