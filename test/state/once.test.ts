import { Once } from '../../src/state/once';

describe('Once', () => {
  it('does its action once for all', async () => {
    let count = 0;
    const once = new Once(async () => ++count);
    expect(await Promise.all([once.get(), once.get()])).toEqual([1, 1]);
    expect(await once.get()).toBe(1);
  });

  it('does it anew after a failure, which all who waited are told', async () => {
    let count = 0;
    const once = new Once(async () => {
      if (++count === 1) throw new Error('first');
      return count;
    });
    const results = await Promise.allSettled([once.get(), once.get()]);
    expect(results.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
    expect(await once.get()).toBe(2);
  });

  it('keeps what was begun after one that was given up, however that ends', async () => {
    let fail: (error: Error) => void = () => undefined;
    let count = 0;
    const once = new Once(() =>
      ++count === 1 ? new Promise<number>((_, reject) => (fail = reject)) : Promise.resolve(count),
    );
    const first = once.get();
    once.giveUp();
    const second = once.get();
    fail(new Error('late'));
    await expect(first).rejects.toThrow('late');
    expect([await second, await once.get()]).toEqual([2, 2]);
  });
});
