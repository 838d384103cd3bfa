import { TimedOut, within } from '../../src/state/within';

describe('within', () => {
  it('gives what the action gives, or throws what it throws', async () => {
    await expect(within(10_000, 'it', async () => 7)).resolves.toBe(7);
    await expect(within(10_000, 'it', async () => Promise.reject(new RangeError('no')))).rejects.toThrow('no');
  });

  it('does not wait for an action that heeds no signal', async () => {
    let signal: AbortSignal | undefined;
    const hangs = within(20, 'it', (given) => {
      signal = given;
      return new Promise(() => undefined);
    });
    await expect(hangs).rejects.toBeInstanceOf(TimedOut);
    expect(signal!.aborted).toBe(true);
  });

  it('says that it took too long, whatever the action makes of its abortion', async () => {
    const action = (signal: AbortSignal) =>
      new Promise((_, reject) => signal.addEventListener('abort', () => reject(new Error('aborted'))));
    await expect(within(20, 'the hub', action)).rejects.toThrow('the hub: no answer within 0.02 s');
  });
});
