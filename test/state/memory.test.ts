import { MemoryStore } from '../../src/state/memory';
import { partitionRange } from '../../src/state/store';
import { storeConformance } from './conformance';

storeConformance('memory', async () => ({ store: new MemoryStore(), table: 'things' }));

describe('fault hooks', () => {
  const write = [{ kind: 'create', rowKey: 'r', properties: {} } as const];

  it('fails before a step, so that it does not happen', async () => {
    const store = new MemoryStore({
      before: (call) => {
        if (call.kind === 'transact') throw new Error('down');
      },
    });
    await expect(store.transact('things', 'p', write)).rejects.toThrow('down');
    expect(store.dump('things')).toEqual([]);
  });

  it('fails after a step, so that it has happened', async () => {
    const store = new MemoryStore({
      after: (call) => {
        if (call.kind === 'transact') throw new Error('lost');
      },
    });
    await expect(store.transact('things', 'p', write)).rejects.toThrow('lost');
    expect(store.dump('things')).toHaveLength(1);
  });

  it('lets a write in between two pages, so that a read is torn', async () => {
    const store = new MemoryStore();
    const rows = ['a', 'b', 'c', 'd'];
    const put = (v: number) =>
      store.transact(
        'things',
        'p',
        rows.map((rowKey) => ({ kind: 'upsert', rowKey, properties: { v } })),
      );
    await put(1);
    store.hooks = {
      after: async (call) => {
        if (call.kind === 'page' && call.page === 0) await put(2);
      },
    };
    const seen: unknown[] = [];
    for await (const page of store.query('things', partitionRange('p'), 2))
      seen.push(...page.map((e) => e.properties.v));
    expect(seen).toEqual([1, 1, 2, 2]);
  });
});
