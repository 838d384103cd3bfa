import { lookupWindow } from '../../src/alerts/delivery/windows';
import { createEngine, DEFAULTS, type Engine } from '../../src/engine';
import { StoreUnavailable } from '../../src/state/errors';
import { MemoryStore } from '../../src/state/memory';
import type { EntityStore } from '../../src/state/store';
import { MINUTE } from '../support/stream';
import { chaosRules } from './rules';

const TABLES = { state: 'state', alerts: 'alerts', control: 'control' };
const at = (minute: number): number => Date.UTC(2024, 4, 1, 6, minute);
/** Every 10 minutes over 10 minutes, suppressed for 20 after an alert. */
const { plan } = chaosRules()[7]!;

const process = (store: EntityStore): Engine =>
  createEngine({
    ...DEFAULTS,
    plans: [plan],
    store,
    tables: TABLES,
    sinks: [],
    deadLetters: { write: async () => undefined },
    mode: 'live',
    graceMs: 5 * MINUTE,
    log: () => undefined,
  });

const event = (sequenceNumber: number, minute: number) => {
  const fields = { TimeGenerated: new Date(at(minute)).toISOString(), Type: 'Event', EventID: 3, Source: 'beat' };
  const body = Buffer.from(JSON.stringify({ ...fields, Computer: 'h1' }));
  const messages = [{ sequenceNumber, enqueuedTime: at(minute), body }];
  return { source: { namespace: 'n', hub: 'h', partition: '0' }, messages };
};

const windowAt = (store: MemoryStore, end: number) =>
  lookupWindow({ store, table: TABLES.alerts }, { ruleId: plan.rule.id, windowEnd: at(end) });

describe('suppression and late events', () => {
  it('a run that was cut off and is suppressed when it is tried again does not stay half written', async () => {
    const store = new MemoryStore();
    await process(store).flush(at(0));
    await process(store).evaluate(event(1, 12));
    store.hooks.before = (call) => {
      const [first] = call.kind === 'transact' && call.table === TABLES.alerts ? call.operations : [];
      if (first && first.kind !== 'delete' && first.properties.phase === 'ready') throw new StoreUnavailable('cut off');
    };
    await expect(process(store).flush(at(26))).rejects.toThrow('cut off');
    store.hooks.before = () => undefined;
    expect((await windowAt(store, 20)).phase).toBe('writing');
    await process(store).evaluate(event(2, 3));
    await process(store).flush(at(27));
    expect((await windowAt(store, 10)).manifest).toHaveLength(1);
    expect(await windowAt(store, 20)).toMatchObject({ phase: 'ready', manifest: [] });
  });

  it('what a window has said is corrected, although an earlier one has alerted since', async () => {
    const store = new MemoryStore();
    await process(store).flush(at(0));
    await process(store).evaluate(event(1, 12));
    await process(store).flush(at(26));
    await process(store).evaluate(event(2, 3));
    await process(store).flush(at(27));
    expect((await windowAt(store, 10)).manifest).toHaveLength(1);
    await process(store).evaluate(event(3, 13));
    await process(store).flush(at(28));
    expect((await windowAt(store, 20)).manifest).toMatchObject([{ revision: 2, withdrawn: false }]);
  });
});
