import { MemoryStore } from '../../src/state/memory';
import type { EntityStore } from '../../src/state/store';
import { at, countOf, countRule, event, events, Gate, process, standing, TABLES } from '../chaos/interleaving';
import { fakeClock } from '../support/fake-clock';
import { SlowApp } from '../support/slow-store';
import { HOUR, MINUTE, T0, testPlan } from '../support/world';

const A = '11111111-2222-4333-8444-aaaaaaaaaaaa';
const query = 'Event | where EventID == 1 | summarize N = count() by Computer';

const notes = (store: MemoryStore) =>
  store.dump(TABLES.control).filter(({ partitionKey }) => partitionKey.startsWith('late.'));

describe('windows of a rule that are run together', () => {
  it('an event for a pane that was read already is a correction of the next flush', async () => {
    const plan = countRule(false);
    const store = new MemoryStore();
    await process(plan, store).flush(at(0));
    const evaluator = process(plan, store);
    // Three windows are due at once.
    await evaluator.evaluate(events(1, 2, 12, 22));
    const gate = new Gate();
    const slow = process(plan, gate.over(store)).flush(at(36));
    await gate.reached;
    // The first of them stands before it is written: all three are closing, and their panes are read.
    await evaluator.evaluate(events(4, 3, 13, 23));
    expect(notes(store)).toHaveLength(3);
    gate.release();
    await slow;
    await process(plan, store).flush(at(37));
    for (const end of [10, 20, 30]) expect(await countOf(plan, store, end)).toBe(2);
    expect(notes(store)).toEqual([]);
  });

  it('a run that was overtaken, with panes that it read before, publishes nothing over the newer one', async () => {
    const plan = countRule(false);
    const store = new MemoryStore();
    await process(plan, store).flush(at(0));
    const evaluator = process(plan, store);
    await evaluator.evaluate(events(1, 2, 12, 22));
    // Stands before the second window is written, with the panes of all three in memory.
    let writes = 0;
    const gate = new Gate(([first]) => first!.rowKey.startsWith('w') && ++writes === 3);
    const slow = process(plan, gate.over(store)).flush(at(36));
    await gate.reached;
    await evaluator.evaluate(events(4, 13, 23));
    await process(plan, store).flush(at(37));
    await process(plan, store).flush(at(38));
    gate.release();
    await slow;
    await process(plan, store).flush(at(39));
    expect(await countOf(plan, store, 20)).toBe(2);
    expect(await countOf(plan, store, 30)).toBe(2);
    expect(notes(store)).toEqual([]);
  });

  it('a flush that is cut off between them is gone on with, and says nothing twice', async () => {
    const plan = countRule(false);
    const store = new MemoryStore();
    const sent: string[] = [];
    const sink = {
      name: 's',
      send: async (alerts: readonly { SystemAlertId: string; Revision: number }[]) => {
        sent.push(...alerts.map(({ SystemAlertId, Revision }) => `${SystemAlertId} ${Revision}`));
        return { failed: [] };
      },
    };
    await process(plan, store).flush(at(0));
    await process(plan, store).evaluate(events(1, 2, 12, 22));
    let isCut = false;
    let ready = 0;
    store.hooks.before = (call) => {
      if (isCut) throw new Error('cut off');
      if (
        call.kind === 'transact' &&
        call.table === TABLES.alerts &&
        call.operations[0]!.rowKey.startsWith('w') &&
        ++ready === 4
      )
        isCut = true;
    };
    await process(plan, store, [sink])
      .flush(at(36))
      .catch(() => undefined);
    expect(isCut).toBe(true);
    delete store.hooks.before;
    await process(plan, store, [sink]).flush(at(37));
    for (const end of [10, 20, 30]) {
      expect(await countOf(plan, store, end)).toBe(1);
      const [entry] = await standing(plan, store, end);
      expect(sent.filter((one) => one === `${entry!.id} ${entry!.revision}`)).toHaveLength(1);
    }
    expect(new Set(sent).size).toBe(3);
  });

  it('windows that hold nothing are passed over, and an event that comes for one of them later is not lost', async () => {
    const plan = countRule(false);
    const store = new MemoryStore();
    await process(plan, store).flush(at(0));
    await process(plan, store).evaluate(event(1, 22));
    const { windows } = await process(plan, store).flush(at(36));
    expect(windows).toBe(4);
    await process(plan, store).evaluate(events(2, 2, 12));
    await process(plan, store).flush(at(37));
    for (const end of [10, 20, 30]) expect(await countOf(plan, store, end)).toBe(1);
  });
});

describe('corrections that two flushes do', () => {
  it('what one says is done is not said of a note that was written again', async () => {
    const plan = countRule(false);
    const store = new MemoryStore();
    await process(plan, store).flush(at(0));
    const evaluator = process(plan, store);
    await evaluator.evaluate(events(1, 2, 12));
    await process(plan, store).flush(at(26));
    await evaluator.evaluate(events(3, 3, 13));
    // One window a flush: it stops half-way, and is about to say so.
    const gate = new Gate();
    const late: EntityStore = {
      ...gate.over(store),
      transact: async (table, partitionKey, operations) => {
        const [first] = operations;
        if (partitionKey.startsWith('late.') && first!.kind === 'delete') {
          await evaluator.evaluate(event(5, 4));
        }
        return store.transact(table, partitionKey, operations);
      },
      query: (...args) => store.query(...args),
      get: (...args) => store.get(...args),
    };
    await process(plan, late, [], { maxWindowsPerFlush: 1 }).flush(at(27));
    for (let minute = 28; minute < 32; minute++)
      await process(plan, store, [], { maxWindowsPerFlush: 1 }).flush(at(minute));
    expect(await countOf(plan, store, 10)).toBe(3);
    expect(await countOf(plan, store, 20)).toBe(2);
    expect(notes(store)).toEqual([]);
  });
});

describe('over a clock that stands still', () => {
  fakeClock();

  it('a suppressed rule alerts once, also where several of its windows are due at once', async () => {
    const plan = testPlan({ query });
    const suppressing = { ...plan, rule: { ...plan.rule, suppression: { enabled: true, durationMs: 5 * HOUR } } };
    const app = new SlowApp([suppressing]);
    await app.flush(T0);
    for (let hour = 0; hour < 4; hour++) await app.events(T0 + hour * HOUR + MINUTE, [[T0 + hour * HOUR + MINUTE, 1]]);
    await app.flush(T0 + 4 * HOUR + 6 * MINUTE);
    await app.flush(T0 + 4 * HOUR + 7 * MINUTE);
    expect(app.sent.map(({ end }) => end)).toEqual(['01:00']);
  });

  it('notes that one flush has no time for are gone on with where it stopped, in every order of its windows', async () => {
    const plan = testPlan({ id: A, query, frequency: '5m', period: '1h' });
    const app = new SlowApp([plan], { maxWindowsPerFlush: 5 });
    await app.flush(T0 - HOUR);
    for (let m = -60; m < 0; m += 5) await app.events(T0 + m * MINUTE, [[T0 + m * MINUTE, 1]]);
    for (let tick = 0; tick < 10; tick++) await app.flush(T0 + 6 * MINUTE);
    app.sent.length = 0;
    await app.events(T0 + 7 * MINUTE, [[T0 - 58 * MINUTE, 1]]);
    const corrections: number[] = [];
    for (let tick = 8; tick < 14; tick++) corrections.push((await app.flush(T0 + tick * MINUTE))!.corrections);
    // Ends 23:05 to 00:00, each once.
    expect(corrections).toEqual([5, 5, 2, 0, 0, 0]);
    const corrected = app.sent.filter(({ revision }) => revision === 2).map(({ end }) => end);
    expect([...corrected].sort()).toEqual(
      Array.from({ length: 12 }, (_, i) =>
        new Date(T0 - 55 * MINUTE + i * 5 * MINUTE).toISOString().slice(11, 16),
      ).sort(),
    );
    expect(app.notes()).toBe(0);
  });
});
