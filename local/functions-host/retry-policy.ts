import type { RetryOptions } from './core-types';

export interface RetryPolicy {
  /** Infinity: without end. */
  maxRetries: number;
  /** Milliseconds to wait before retry number `retry` (1, 2, …). */
  delay(retry: number): number;
}

/** A function's retry policy as the host applies it. Throws RangeError for a strategy that does not exist. */
export function retryPolicy(options: RetryOptions | undefined): RetryPolicy {
  if (!options) return { maxRetries: 0, delay: () => 0 };
  const count = options.maxRetryCount ?? 0;
  const maxRetries = count < 0 ? Number.POSITIVE_INFINITY : count;
  if (options.retryStrategy === 'fixedDelay') {
    const fixed = (options.delayInterval?.seconds ?? 0) * 1000;
    return { maxRetries, delay: () => fixed };
  }
  if (options.retryStrategy === 'exponentialBackoff') {
    const minimum = (options.minimumInterval?.seconds ?? 1) * 1000;
    const maximum = (options.maximumInterval?.seconds ?? 60) * 1000;
    return { maxRetries, delay: (retry) => Math.min(maximum, minimum * 2 ** Math.min(retry - 1, 30)) };
  }
  throw new RangeError(`unknown retry strategy "${options.retryStrategy}"`);
}

/** Waits, but no longer than until the signal is aborted. */
export function sleep(milliseconds: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) return resolve();
    const done = (): void => {
      clearTimeout(timer);
      signal.removeEventListener('abort', done);
      resolve();
    };
    const timer = setTimeout(done, milliseconds);
    signal.addEventListener('abort', done);
  });
}
