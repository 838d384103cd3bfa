import { createEngine } from '../../src/engine';
import type { RulePlan } from '../../src/plan/rule-plan';
import { MemoryStore } from '../../src/state/memory';
import { engineOptions } from '../support/engine-options';
import { T0, testPlan } from '../support/world';

const query = (pattern: string): string =>
  `Event | where EventID == 1 | where Computer matches regex '${pattern}' | summarize N = count() by Computer`;
const OTHER = '22222222-2222-4333-8444-555555555555';

const good = testPlan({ query: query('p.*') });
/** As no build lets it through. */
const bad = JSON.parse(
  JSON.stringify(testPlan({ query: query('(bad)'), id: OTHER })).replaceAll('(bad)', '(bad'),
) as RulePlan;

const engineOf = (plans: readonly RulePlan[], arePlansChecked: boolean, letters: string[] = []) =>
  createEngine(
    engineOptions(new MemoryStore(), {
      ...{ plans, arePlansChecked, mode: 'replay' },
      deadLetters: {
        async write(list) {
          letters.push(...list.map(({ ruleId, detail }) => `${ruleId} ${detail}`));
        },
      },
    }),
  );

const messages = [{ Type: 'Event', TimeGenerated: new Date(T0).toISOString(), EventID: 1, Computer: 'pc1' }].map(
  (row, sequenceNumber) => ({ body: Buffer.from(JSON.stringify(row)), sequenceNumber, enqueuedTime: T0 }),
);
const source = { namespace: 'n', hub: 'h', partition: '0' };

test('the patterns of plans that were built with this engine are compiled when events are searched, with the same result', async () => {
  const before = await engineOf([good], false).evaluate({ source, messages });
  const letters: string[] = [];
  const engine = engineOf([good, bad], true, letters);
  expect(await engine.evaluate({ source, messages })).toMatchObject({ matches: before.matches, deadLetters: 1 });
  expect(before.matches).toBe(1);
  expect(letters).toEqual([expect.stringMatching(`^${OTHER} .*bad regular expression '\\(bad'`)]);
});
