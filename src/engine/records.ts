import { listWindows, lookupWindow, type Outbox, type WindowRecord } from '../alerts/delivery/windows';
import { isOutage } from '../state/errors';

/**
 * The records of windows of a rule, by their end (ms), read before any of their state is, so that of two runs the one that read newer state
 * counts. undefined: one of them cannot be read, and each window is to look up its own. Throws StoreUnavailable.
 */
export async function recordsOf(
  outbox: Outbox,
  ruleId: string,
  ends: readonly number[],
): Promise<((end: number) => WindowRecord) | undefined> {
  const found = new Map<number, WindowRecord>();
  const none = { attempt: 0, phase: 'none', revision: 0, manifest: [], planHash: '', incomplete: false } as const;
  try {
    if (ends.length === 1) found.set(ends[0]!, await lookupWindow(outbox, { ruleId, windowEnd: ends[0]! }));
    else
      for await (const record of listWindows(outbox, ruleId, ends[0]!, ends.at(-1)! + 1))
        found.set(record.windowEnd, record);
  } catch (error) {
    if (isOutage(error)) throw error;
    return undefined;
  }
  return (end) => found.get(end) ?? { ...none, ruleId, windowEnd: end };
}
