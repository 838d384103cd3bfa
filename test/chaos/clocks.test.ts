import type { PlanSet } from '../../src/engine/types';
import { MemoryStore } from '../../src/state/memory';
import type { EntityStore } from '../../src/state/store';
import { DAY, HOUR, MINUTE } from '../support/stream';
import { at, countOf, countRule, events, process, standing, TABLES } from './interleaving';
import { chaosRules } from './rules';

/** A store whose clock the test sets, as no process can. */
class ClockedStore extends MemoryStore implements EntityStore {
  now = at(0);
  async time(): Promise<number> {
    return this.now;
  }
}

describe('clocks that are wrong', () => {
  it.each([3 * HOUR, 60 * DAY])(
    'a clock that jumps %d ms ahead closes no window, deletes nothing, puts nothing off',
    async (ahead) => {
      const plan = countRule(false);
      const store = new ClockedStore();
      const received: unknown[] = [];
      const sink = {
        name: 's',
        send: async (alerts: readonly unknown[]) => {
          received.push(...alerts);
          return { failed: [] };
        },
      };
      await process(plan, store).flush(at(0));
      await process(plan, store).evaluate(events(1, 2));
      store.now = at(2);
      const logged: unknown[] = [];
      const wrong = process(plan, store, [sink], { log: (event) => logged.push(event) });
      expect(await wrong.flush(at(2) + ahead)).toMatchObject({ windows: 0 });
      expect(logged).toContainEqual({ level: 'warn', message: 'the clock of this process is wrong', aheadMs: ahead });
      await process(plan, store).evaluate(events(2, 3));
      store.now = at(16);
      // It is as good as any other where the store tells it the time.
      expect(await wrong.flush(at(16) + ahead)).toMatchObject({ windows: 2, sent: 1 });
      expect(await countOf(plan, store)).toBe(2);
      // And what comes late is still corrected: nothing was given up.
      await process(plan, store).evaluate(events(3, 4));
      store.now = at(17);
      await wrong.flush(at(17) + ahead);
      expect(await countOf(plan, store)).toBe(3);
      expect(received).toHaveLength(2);
    },
  );

  it('a clock that jumps ahead does not put a changed rule off', async () => {
    const [first, , other] = chaosRules()[1]!.versions;
    const store = new ClockedStore();
    await process(first!.plan, store).flush(at(0));
    await process(other!.plan, store).flush(at(0) + 60 * DAY);
    const untils = store.dump(TABLES.control).map(({ properties }) => Number(properties.until ?? 0));
    expect(Math.max(...untils)).toBeGreaterThan(at(0));
    expect(Math.max(...untils)).toBeLessThan(at(0) + DAY);
  });

  it('a clock that is months behind closes windows in time', async () => {
    const plan = countRule(false);
    const store = new ClockedStore();
    await process(plan, store).flush(at(0));
    await process(plan, store).evaluate(events(1, 2));
    store.now = at(16);
    await process(plan, store).flush(at(16) - 60 * DAY);
    expect(await standing(plan, store, 10)).toHaveLength(1);
  });

  it('one that evaluates learns of a changed rule in time, though its clock was set back by as much as has passed', async () => {
    const [first, , other] = chaosRules()[1]!.versions;
    const store = new MemoryStore();
    let deployed: PlanSet = { version: '1', plans: [first!.plan] };
    const options = { deployedPlans: async () => deployed };
    const wall = jest.spyOn(Date, 'now').mockReturnValue(at(0));
    let tick = 0;
    const ticks = jest.spyOn(performance, 'now').mockImplementation(() => tick);
    try {
      await process(first!.plan, store, [], options).flush(at(0));
      const evaluator = process(first!.plan, store, [], options);
      await evaluator.evaluate(events(1, 0));
      deployed = { version: '2', plans: [other!.plan] };
      await process(other!.plan, store, [], options).flush(at(1));
      tick = 2 * MINUTE;
      await evaluator.evaluate(events(2, 2));
    } finally {
      wall.mockRestore();
      ticks.mockRestore();
    }
    const hashes = store.dump(TABLES.state).map(({ partitionKey }) => partitionKey.split('.')[0]);
    expect(new Set(hashes)).toEqual(
      new Set([first!, other!].flatMap(({ plan }) => plan.stream.legs.map(({ hash }) => hash))),
    );
  });
});
