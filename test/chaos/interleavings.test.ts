import { readAlert } from '../../src/alerts/delivery/alert-rows';
import { lookupWindow } from '../../src/alerts/delivery/windows';
import { createEngine, DEFAULTS, type Engine } from '../../src/engine';
import type { RulePlan } from '../../src/rules/rule-plan';
import { MemoryStore } from '../../src/state/memory';
import type { EntityStore } from '../../src/state/store';
import { MINUTE } from '../support/stream';
import { chaosRules } from './rules';

const TABLES = { state: 'state', alerts: 'alerts', control: 'control' };
const at = (minute: number): number => Date.UTC(2024, 4, 1, 6, minute);

/** Stops a process before it writes a window, until it is let go. */
class Gate {
  readonly reached: Promise<void>;
  private arrive = (): void => undefined;
  private open = (): void => undefined;
  private readonly opened: Promise<void>;

  constructor() {
    this.reached = new Promise((resolve) => {
      this.arrive = resolve;
    });
    this.opened = new Promise((resolve) => {
      this.open = resolve;
    });
  }

  over(store: MemoryStore): EntityStore {
    return {
      get: (...args) => store.get(...args),
      query: (...args) => store.query(...args),
      transact: async (table, partitionKey, operations) => {
        if (table === TABLES.alerts && operations[0]!.rowKey.startsWith('w')) {
          this.arrive();
          await this.opened;
        }
        return store.transact(table, partitionKey, operations);
      },
    };
  }

  release(): void {
    this.open();
  }
}

/** `n` by computer, every 10 minutes over 10 minutes. */
const countRule = (early: boolean): RulePlan => {
  const { plan } = chaosRules()[1]!;
  return { ...plan, settings: { ...plan.settings, early } };
};

const process = (plan: RulePlan, store: EntityStore): Engine =>
  createEngine({
    ...DEFAULTS,
    plans: [plan],
    store,
    tables: TABLES,
    sinks: [],
    deadLetters: { write: async () => undefined },
    clock: 'wall',
    graceMs: 5 * MINUTE,
    log: () => undefined,
  });

const event = (sequenceNumber: number, minute: number) => ({
  source: { namespace: 'n', hub: 'h', partition: '0' },
  messages: [
    {
      sequenceNumber,
      enqueuedTime: at(minute),
      body: Buffer.from(
        JSON.stringify({
          TimeGenerated: new Date(at(minute)).toISOString(),
          Type: 'Event',
          EventID: 1,
          Computer: 'h1',
        }),
      ),
    },
  ],
});

async function countOf(plan: RulePlan, store: MemoryStore): Promise<unknown> {
  const outbox = { store, table: TABLES.alerts };
  const window = await lookupWindow(outbox, { ruleId: plan.rule.id, windowEnd: at(10) });
  const entry = window.manifest[0];
  const alert = entry && (await readAlert(outbox, window, entry.id, entry.revision));
  return (alert as unknown as { Results?: { n: number }[] } | undefined)?.Results?.[0]?.n;
}

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
