import { lineageOf } from '../../src/engine/activation';
import { readCursor, writeCursor } from '../../src/engine/rule-cursor';
import { MemoryStore } from '../../src/state/memory';
import { testPlan } from '../support/world';

/** What deployed apps have stored must be read, and found, by every later version. */
describe('stored forms', () => {
  const PROPERTIES = {
    rule: 'R1',
    after: 1767218400000,
    last: 1767258000000,
    closing: 1767261600000,
    kept: 1767153600000,
    gaps: '[[1767242400000,1767258000001]]',
    since: 1767229800000,
    waiting: 1767261900000,
    frequency: 3600000,
    period: 7200000,
    until: 1767268800001,
    next: '7a061b2fdd29cf39cb1d1557',
  };
  const KEY = { ruleId: 'R1', lineage: '3fe64468494cb1b37ec1050e' };

  async function storeWith(properties: object): Promise<MemoryStore> {
    const store = new MemoryStore();
    await store.transact('control', 'rule.R1', [
      { kind: 'create', rowKey: `cursor.${KEY.lineage}`, properties: { ...properties } },
    ]);
    return store;
  }

  it('a cursor is read from the properties that it is stored as', async () => {
    expect(await readCursor(await storeWith(PROPERTIES), 'control', KEY)).toMatchObject({
      ...KEY,
      ownsAfter: 1767218400000,
      lastRunEnd: 1767258000000,
      closingEnd: 1767261600000,
      windowsKeptFrom: 1767153600000,
      notOwned: [[1767242400000, 1767258000001]],
      countedSince: 1767229800000,
      waitingSince: 1767261900000,
      frequencyMs: 3600000,
      periodMs: 7200000,
      ownsUntil: 1767268800001,
      successor: '7a061b2fdd29cf39cb1d1557',
    });
  });

  it('a cursor of before there were gaps and bounds of what is kept is read', async () => {
    const { kept: _, gaps: __, ...older } = PROPERTIES;
    expect(await readCursor(await storeWith(older), 'control', KEY)).toMatchObject({
      windowsKeptFrom: 0,
      notOwned: [],
    });
  });

  it('a cursor is written as the properties that it was read from', async () => {
    const store = await storeWith(PROPERTIES);
    const cursor = await readCursor(store, 'control', KEY);
    await writeCursor(store, 'control', cursor!);
    expect(store.dump('control')[0]!.properties).toEqual(PROPERTIES);
  });

  it('state and cursors of a plan are under the names that they have always had', () => {
    const counting = testPlan({ query: 'Event | where EventID == 1 | summarize N = count() by Computer' });
    const nrt = testPlan({
      query: 'Event | where EventID == 1',
      isNrt: true,
      id: '21111111-2222-4333-8444-555555555555',
    });
    expect(counting.stream.legs.map(({ hash }) => hash)).toEqual(['5ffb53a63a3a7278e0796829']);
    expect(lineageOf(counting)).toBe('3fe64468494cb1b37ec1050e');
    expect(nrt.schedule).toEqual({ frequencyMs: 60_000, periodMs: 60_000, clock: 'enqueued' });
    expect(nrt.stream.legs.map(({ hash }) => hash)).toEqual(['dc78326b295f6e28dfea160a']);
    expect(lineageOf(nrt)).toBe('4aee1e9a13a43a620d32012b');
  });
});
