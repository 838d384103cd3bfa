import { deleteRange } from '../../state/expire';
import { encodeTime } from '../../state/keys';
import { partitionRange } from '../../state/store';
import { pendingPartition } from './keys';
import type { Outbox } from './windows';

/**
 * Forgets the windows of a rule that ended before a time, with their alerts, whether they were delivered or not: choose the
 * time well beyond the longest outage of a sink. At most `limit` entities in one call.
 *
 * @param partitionKey of a rule, deployed or not, as {@link nextRulePartition} gives it
 * @param before milliseconds since 1970
 * @returns how many entities were deleted; fewer than `limit` when there are no more
 */
export async function forgetWindows(
  { store, table }: Outbox,
  partitionKey: string,
  before: number,
  limit: number,
): Promise<number> {
  let deleted = 0;
  // Records of windows go last: a window without a record has no alerts left either.
  for (const kind of ['a', 'd', 'w']) {
    const rows = { rowFrom: kind, rowTo: `${kind}${encodeTime(before)}` };
    if (deleted < limit)
      deleted += await deleteRange(store, table, partitionRange(partitionKey, rows), limit - deleted);
  }
  return deleted;
}

/** The first partition of a rule after another; undefined when there is none. */
export async function nextRulePartition({ store, table }: Outbox, after?: string): Promise<string | undefined> {
  const range = { partitionFrom: after === undefined ? 'rule.' : `${after} `, partitionTo: 'rule/', select: ['none'] };
  for await (const page of store.query(table, range, 1)) {
    // A page can be empty and not be the last.
    if (page[0]) return page[0].partitionKey;
  }
  return undefined;
}

/**
 * Counts the windows with something left to deliver to a sink, up to `limit`, due or not.
 */
export async function countPending({ store, table }: Outbox, sink: string, limit: number): Promise<number> {
  let count = 0;
  const range = partitionRange(pendingPartition(sink), { select: ['end'] });
  for await (const page of store.query(table, range, Math.max(1, Math.min(1000, limit)))) {
    count += page.length;
    if (count >= limit) break;
  }
  return Math.min(count, limit);
}
