import { boundRequests } from '../../src/state/bounded';
import { MemoryStore } from '../../src/state/memory';
import { partitionRange } from '../../src/state/store';
import { ClockedStore } from '../support/clocked-store';
import { storeConformance } from './conformance';

storeConformance('bounded', async () => ({ store: boundRequests(new MemoryStore(), 2), table: 'things' }));

describe('a store of which a few requests are under way at a time', () => {
  it('lets no more through, whatever they are, and goes on after those that fail', async () => {
    let running = 0;
    let most = 0;
    let calls = 0;
    const inner = new MemoryStore({
      before: async () => {
        most = Math.max(most, ++running);
        await new Promise((resolve) => setImmediate(resolve));
        running--;
        if (++calls % 3 === 0) throw new Error('down');
      },
    });
    const store = boundRequests(inner, 4);
    const all = async (): Promise<void> => {
      for await (const _ of store.query('things', partitionRange('p'))) void _;
    };
    const done = await Promise.allSettled(
      Array.from({ length: 30 }, (_, i) => {
        if (i % 3 === 0) return store.get('things', 'p', 'r');
        return i % 3 === 1
          ? all()
          : store.transact('things', 'p', [{ kind: 'upsert', rowKey: `${i}`, properties: {} }]);
      }),
    );
    expect(most).toBe(4);
    expect(done.filter(({ status }) => status === 'rejected')).toHaveLength(10);
    expect(running).toBe(0);
  });

  it('has a clock where the store has one', async () => {
    expect(boundRequests(new MemoryStore(), 2).time).toBeUndefined();
    const clocked = new ClockedStore();
    clocked.now = 7;
    const store = boundRequests(clocked, 2);
    expect(await store.time!('things')).toBe(7);
    expect((await store.transact('things', 'p', [{ kind: 'upsert', rowKey: 'r', properties: {} }])).time).toBe(7);
  });
});
