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

  it('rejects with the first failure', async () => {
    const fails = inParallel([1, 2, 3], 2, async (item) => {
      if (item === 2) throw new Error('two');
    });
    await expect(fails).rejects.toThrow('two');
  });

  it('does nothing for no items', async () => {
    await inParallel([], 4, () => Promise.reject(new Error('never')));
  });
});
