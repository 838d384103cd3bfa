import { whichHold } from '../../src/engine/held-state';
import { MemoryStore } from '../../src/state/memory';
import { randomOf } from '../support/random';

const key = (n: number): string => String(n).padStart(5, '0');

describe('ranges that hold something', () => {
  it('are found, whatever lies between and around them', async () => {
    for (let seed = 1; seed <= 60; seed++) {
      const random = randomOf(seed);
      const store = new MemoryStore();
      const keys = new Set(Array.from({ length: random.pick([0, 1, 5, 60]) }, () => random.below(1_000)));
      for (const n of keys) await store.transact('state', key(n), [{ kind: 'upsert', rowKey: '!', properties: {} }]);
      const ranges = Array.from({ length: random.pick([0, 1, 20, 200]) }, () => {
        const from = random.below(1_000);
        return { from, to: from + random.below(30) };
      });
      const held = await whichHold(
        store,
        'state',
        ranges.map(({ from, to }) => ({ partitionFrom: key(from), partitionTo: key(to) })),
      );
      const truth = ranges.map(({ from, to }) => [...keys].some((n) => n >= from && n < to));
      // It may say yes where there is none, and never no where there is one.
      expect(truth.filter((holds, i) => holds && !held[i])).toEqual([]);
      if (ranges.length <= 20 || keys.size <= 5)
        expect({ seed, wrong: held.filter((holds, i) => holds && !truth[i]).length }).toEqual({ seed, wrong: 0 });
    }
  });

  it('are found with few requests where there are few', async () => {
    const store = new MemoryStore();
    for (const n of [17, 500, 12_345])
      await store.transact('state', key(n), [{ kind: 'upsert', rowKey: '!', properties: {} }]);
    let requests = 0;
    store.hooks.before = () => {
      requests++;
    };
    const ranges = Array.from({ length: 2_000 }, (_, i) => ({
      partitionFrom: key(i * 10),
      partitionTo: key(i * 10 + 9),
    }));
    const held = await whichHold(store, 'state', ranges);
    expect(held.flatMap((holds, i) => (holds ? [i] : []))).toEqual([1, 50, 1234]);
    expect(requests).toBeLessThan(50);
  });
});
