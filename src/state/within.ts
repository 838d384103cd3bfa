/** An action that took longer than it may. What it did meanwhile is not known. */
export class TimedOut extends Error {
  constructor(what: string, ms: number) {
    super(`${what}: no answer within ${ms / 1000} s`);
    this.name = 'TimedOut';
  }
}

/**
 * Waits for an action, at most `ms`, then aborts its signal. An action that ignores the signal (a sign-in, a lock that another caller holds)
 * is not waited for any longer either.
 *
 * @throws TimedOut, and what the action throws
 */
export async function within<T>(ms: number, what: string, action: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const controller = new AbortController();
  let timer: NodeJS.Timeout | undefined;
  const timeout = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      // Before the abort: the error is then this one, and not what the action throws when it is aborted.
      reject(new TimedOut(what, ms));
      controller.abort();
    }, ms);
  });
  try {
    return await Promise.race([action(controller.signal), timeout]);
  } finally {
    clearTimeout(timer);
  }
}
