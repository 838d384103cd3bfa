import { deleteRange } from '../../state/expire';
import { encodeTime } from '../../state/keys';
import { partitionRange } from '../../state/store';
import { rulePartition } from './keys';
import type { Outbox } from './windows';

/**
 * Forgets the windows of a rule that ended before a time, with their alerts, whether they were delivered or not: choose the
 * time well beyond the longest outage of a sink. At most `limit` entities in one call.
 *
 * @param before milliseconds since 1970
 * @returns how many entities were deleted; fewer than `limit` when there are no more
 */
export async function forgetWindows(
  { store, table }: Outbox,
  ruleId: string,
  before: number,
  limit: number,
): Promise<number> {
  let deleted = 0;
  // Windows last: while a window is there, what is left of it can be found.
  for (const kind of ['a', 'd', 'w']) {
    const rows = { rowFrom: kind, rowTo: `${kind}${encodeTime(before)}` };
    if (deleted < limit)
      deleted += await deleteRange(store, table, partitionRange(rulePartition(ruleId), rows), limit - deleted);
  }
  return deleted;
}
