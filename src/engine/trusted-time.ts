import type { EngineOptions } from './types';

/** A process whose clock is further from the store's than this goes by the store's, ms. */
const CLOCK_TOLERANCE_MS = 60_000;

/** How long the clocks of the store's servers may be apart, and how long before its answer is done a request may be stamped, together, ms. */
const STORE_TOLERANCE_MS = 60_000;

/**
 * Whether no flush can have begun to run a window that ends at or after `end` (ms) when the store stamped an answer with `time` (ms): a flush
 * runs no window before its end, and goes by a clock that is at most so far ahead of the store's.
 */
export const isOpenAt = (end: number, time: number): boolean => end > time + CLOCK_TOLERANCE_MS + STORE_TOLERANCE_MS;

/**
 * What time it is for a flush: `now` (ms), unless that is far from the store's own clock, which is the same for all processes. Going by a
 * clock that is wrong, a flush would close windows before their time, delete state that is still needed and put deliveries off. Throws
 * StoreUnavailable.
 */
export async function trustedTime(
  { store, tables, mode, log }: Pick<EngineOptions, 'store' | 'tables' | 'mode' | 'log'>,
  now: number,
): Promise<number> {
  const own = mode === 'live' ? await store.time?.(tables.control) : undefined;
  if (own === undefined || Math.abs(now - own) <= CLOCK_TOLERANCE_MS) return now;
  log({ level: 'warn', message: 'the clock of this process is wrong', aheadMs: now - own });
  return own;
}
