import { joinValue } from '../../state/chunks';
import { isConflict, StoreUnavailable } from '../../state/errors';
import type { Operation } from '../../state/store';
import { deliveredRow, rulePartition } from './keys';
import { type ManifestEntry, type Outbox, oneEntity, type WindowKey } from './windows';

/** What of a window has arrived at a sink: the last revision of each alert. */
export interface Delivered {
  readonly sink: string;
  readonly revisions: Map<string, number>;
  etag: string | undefined;
}

export async function readDelivered({ store, table }: Outbox, window: WindowKey, sink: string): Promise<Delivered> {
  const rowKey = deliveredRow(window.windowEnd, sink);
  const entity = await store.get(table, rulePartition(window.ruleId), rowKey);
  if (!entity) return { sink, revisions: new Map(), etag: undefined };
  const revisions = JSON.parse(String(joinValue(rowKey, entity.properties, []))) as [string, number][];
  return { sink, revisions: new Map(revisions), etag: entity.etag };
}

const ATTEMPTS = 10;

/** Adds revisions that have arrived. Those that another call marks at the same time are kept. */
export async function markDelivered(
  outbox: Outbox,
  window: WindowKey,
  delivered: Delivered,
  entries: readonly ManifestEntry[],
): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    for (const { id, revision } of entries)
      delivered.revisions.set(id, Math.max(revision, delivered.revisions.get(id) ?? 0));
    try {
      delivered.etag = await write(outbox, window, delivered);
      return;
    } catch (error) {
      if (!isConflict(error)) throw error;
      if (attempt === ATTEMPTS)
        throw new StoreUnavailable('other deliveries changed the mark too often', { cause: error });
      const current = await readDelivered(outbox, window, delivered.sink);
      for (const [id, revision] of current.revisions)
        delivered.revisions.set(id, Math.max(revision, delivered.revisions.get(id) ?? 0));
      delivered.etag = current.etag;
    }
  }
}

async function write({ store, table }: Outbox, window: WindowKey, delivered: Delivered): Promise<string | undefined> {
  const rowKey = deliveredRow(window.windowEnd, delivered.sink);
  const properties = oneEntity('delivery mark', JSON.stringify([...delivered.revisions]));
  const { etag } = delivered;
  const operation: Operation =
    etag === undefined
      ? { kind: 'create', rowKey, properties }
      : { kind: 'replace', rowKey, properties, ifMatch: etag };
  const [next] = await store.transact(table, rulePartition(window.ruleId), [operation]);
  return next;
}
