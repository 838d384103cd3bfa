import { inParallel } from '../../src/state/in-parallel';

describe('inParallel', () => {
  it('takes every item once, with its index, and never more than so many at a time', async () => {
    const seen: [string, number][] = [];
    let running = 0;
    let most = 0;
    await inParallel(['a', 'b', 'c', 'd', 'e'], 2, async (item, index) => {
      most = Math.max(most, ++running);
      await new Promise((resolve) => setImmediate(resolve));
      seen.push([item, index]);
      running--;
    });
    expect(most).toBe(2);
    expect(seen.sort((a, b) => a[1] - b[1])).toEqual(['a', 'b', 'c', 'd', 'e'].map((item, i) => [item, i]));
  });

  it('begins nothing after a failure, waits for what is under way, and rejects with the first', async () => {
    const begun: number[] = [];
    const ended: number[] = [];
    const run = inParallel([0, 1, 2, 3, 4, 5], 3, async (item) => {
      begun.push(item);
      for (let turns = item === 1 ? 1 : 4; turns > 0; turns--) await new Promise((resolve) => setImmediate(resolve));
      ended.push(item);
      if (item === 1 || item === 2) throw new Error(`failed: ${item}`);
    });
    await expect(run).rejects.toThrow('failed: 1');
    expect(begun).toEqual([0, 1, 2]);
    expect(ended).toEqual([1, 0, 2]);
  });

  it('does nothing for no items', async () => {
    await inParallel([], 4, () => Promise.reject(new Error('never')));
  });
});
