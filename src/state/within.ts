/** An action that took longer than it may. What it did meanwhile is not known. */
export class TimedOut extends Error {
  constructor(what: string, ms: number) {
    super(`${what}: no answer within ${ms / 1000} s`);
    this.name = 'TimedOut';
  }
}

/**
 * Waits for an action, `ms` at most. Its signal is aborted then; one that does not heed it (a sign-in, a lock that another caller holds) is
 * not waited for either.
 *
 * @throws TimedOut, and what the action throws
 */
export async function within<T>(ms: number, what: string, action: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const controller = new AbortController();
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      // First: what the action says of its abortion is not the reason.
      reject(new TimedOut(what, ms));
      controller.abort();
    }, ms);
  });
  try {
    return await Promise.race([action(controller.signal), late]);
  } finally {
    clearTimeout(timer);
  }
}
