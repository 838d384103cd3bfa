import type { EngineOptions } from './types';

/** A process whose clock is further from the store's than this goes by the store's, ms. */
const CLOCK_TOLERANCE_MS = 60_000;

/**
 * What time it is for a flush: `now` (ms), unless it is far from the store's own clock, which is the same for all processes. A clock that jumped
 * would close windows before their time, let late events be too late for them, put deliveries off and delete what is still needed; with
 * this it does none of it. Throws StoreUnavailable.
 */
export async function trustedTime(
  { store, tables, clock, log }: Pick<EngineOptions, 'store' | 'tables' | 'clock' | 'log'>,
  now: number,
): Promise<number> {
  const own = clock === 'wall' ? await store.time?.(tables.control) : undefined;
  if (own === undefined || Math.abs(now - own) <= CLOCK_TOLERANCE_MS) return now;
  log({ level: 'warn', message: 'the clock of this process is wrong', aheadMs: now - own });
  return own;
}
