import { deliver } from '../../src/alerts/delivery/deliver';
import { MemoryStore } from '../../src/state/memory';
import { at, countOf, countRule, event, events, Gate, isReady, process, standing, TABLES } from './interleaving';
import { chaosRules } from './rules';

describe('interleavings that once lost an event', () => {
  it('a note is kept while another flush, with another clock, runs its window on older state', async () => {
    const plan = countRule(false);
    const store = new MemoryStore();
    await process(plan, store).flush(at(0));
    const evaluator = process(plan, store);
    await evaluator.evaluate(event(1, 2));
    const gate = new Gate();
    const slow = process(plan, gate.over(store)).flush(at(16));
    await gate.reached;
    // The slow flush has read one event; the second leaves a note.
    await evaluator.evaluate(event(2, 3));
    await process(plan, store).flush(at(14));
    gate.release();
    await slow;
    await process(plan, store).flush(at(17));
    expect(await countOf(plan, store)).toBe(2);
  });

  it('a window that is lost to an early run on older state is run again', async () => {
    const plan = countRule(true);
    const store = new MemoryStore();
    await process(plan, store).flush(at(0));
    const evaluator = process(plan, store);
    await evaluator.evaluate(event(1, 2));
    const [early, closing] = [new Gate(), new Gate()];
    const earlyFlush = process(plan, early.over(store)).flush(at(9));
    await early.reached;
    // Read before this one came, when no window was closing.
    await evaluator.evaluate(event(2, 3));
    const closingFlush = process(plan, closing.over(store)).flush(at(16));
    await closing.reached;
    early.release();
    await earlyFlush;
    closing.release();
    await closingFlush;
    expect(await countOf(plan, store)).toBe(1);
    await process(plan, store).flush(at(17));
    expect(await countOf(plan, store)).toBe(2);
  });

  it('an event for a window from before the rule was deployed raises nothing', async () => {
    const plan = countRule(false);
    const store = new MemoryStore();
    await process(plan, store).flush(at(40));
    await process(plan, store).evaluate(event(1, 3));
    await process(plan, store).flush(at(46));
    expect(await countOf(plan, store)).toBeUndefined();
    expect(store.dump(TABLES.control).filter(({ partitionKey }) => partitionKey.startsWith('late.'))).toEqual([]);
  });
});

/** One for each rule of the protocol that is easily broken. */
describe('interleavings that the protocol is for', () => {
  it('what is delivered again is skipped by the mark', async () => {
    const plan = countRule(false);
    const store = new MemoryStore();
    await process(plan, store).flush(at(0));
    await process(plan, store).evaluate(events(1, 2, 3));
    await process(plan, store).evaluate(events(1, 2, 3, 4));
    await process(plan, store).flush(at(16));
    expect(await countOf(plan, store)).toBe(3);
  });

  it('groups are read after the mark: another process that counts meanwhile is noticed', async () => {
    const plan = countRule(false);
    const store = new MemoryStore();
    await process(plan, store).flush(at(0));
    await process(plan, store).evaluate(events(1, 2));
    const gate = new Gate();
    const slow = process(plan, gate.overReads(store)).evaluate(events(2, 3, 4));
    await gate.reached;
    await process(plan, store).evaluate(events(2, 3));
    gate.release();
    await slow;
    await process(plan, store).flush(at(16));
    expect(await countOf(plan, store)).toBe(3);
  });

  it('an event that is counted while its window runs leaves a note', async () => {
    const plan = countRule(false);
    const store = new MemoryStore();
    await process(plan, store).flush(at(0));
    const gate = new Gate();
    const slow = process(plan, gate.overCommits(store)).evaluate(events(1, 2));
    await gate.reached;
    await process(plan, store).flush(at(16));
    gate.release();
    await slow;
    await process(plan, store).flush(at(17));
    expect(await countOf(plan, store)).toBe(1);
  });

  it('a note that was written anew while its window runs stays', async () => {
    const plan = countRule(false);
    const store = new MemoryStore();
    await process(plan, store).flush(at(0));
    const evaluator = process(plan, store);
    await evaluator.evaluate(events(1, 2));
    await process(plan, store).flush(at(16));
    await evaluator.evaluate(events(2, 3));
    const gate = new Gate();
    const slow = process(plan, gate.over(store)).flush(at(17));
    await gate.reached;
    await evaluator.evaluate(events(3, 4));
    gate.release();
    await slow;
    expect(await countOf(plan, store)).toBe(2);
    await process(plan, store).flush(at(18));
    expect(await countOf(plan, store)).toBe(3);
  });

  it('nothing is sent before the window is ready', async () => {
    const plan = countRule(false);
    const store = new MemoryStore();
    await process(plan, store).flush(at(0));
    await process(plan, store).evaluate(events(1, 2));
    const sent: string[] = [];
    const sink = {
      name: 's',
      send: async (alerts: readonly { SystemAlertId: string }[]) => {
        sent.push(...alerts.map(({ SystemAlertId }) => SystemAlertId));
        return { failed: [] };
      },
    };
    const gate = new Gate(isReady);
    const slow = process(plan, gate.over(store), [sink]).flush(at(16));
    await gate.reached;
    await deliver({ store, table: TABLES.alerts }, [sink], { now: at(17) });
    expect(sent).toEqual([]);
    gate.release();
    await slow;
    await process(plan, store, [sink]).flush(at(20));
    expect(new Set(sent)).toEqual(new Set((await standing(plan, store, 10)).map(({ id }) => id)));
    expect(sent).toHaveLength(1);
  });

  it('now() is the end of the window, not when the event came', async () => {
    const { plan } = chaosRules()[5]!;
    const store = new MemoryStore();
    await process(plan, store).flush(at(-20));
    // Young when they come, 19 minutes old and more when the window ends: none of them counts, and fewer than two is what the rule is for.
    await process(plan, store).evaluate(events(1, 5, 6, 11, 11));
    await process(plan, store).flush(at(36));
    expect(await standing(plan, store, 30)).toHaveLength(1);
    await process(plan, store).evaluate(events(5, 32, 55, 56));
    await process(plan, store).flush(at(66));
    expect(await standing(plan, store, 60)).toHaveLength(0);
  });
});
