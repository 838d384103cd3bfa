import { chunkRowKeys, isChunk, joinValue, readValue } from './chunks';
import { TornValue } from './errors';
import { MARK_ROW } from './keys';
import { type Mark, toMark } from './mark';
import type { EntityRange, EntityStore, StoredEntity } from './store';
import type { StoredValue } from './values';

export type StateItem =
  | { readonly kind: 'mark'; readonly partitionKey: string; readonly mark: Mark }
  | { readonly kind: 'group'; readonly partitionKey: string; readonly rowKey: string; readonly value: string }
  | { readonly kind: 'row'; readonly partitionKey: string; readonly rowKey: string; readonly value: string }
  /** A value that stays torn, or cannot be what was written. */
  | { readonly kind: 'damaged'; readonly partitionKey: string; readonly rowKey: string; readonly reason: string };

/**
 * Streams the state of a range of partitions in the order of (partition key, row key), values put together from their
 * chunks. Holds one page and one value at a time. It is no snapshot: what is committed meanwhile may be seen in part.
 *
 * @param range from `paneRange` of keys.ts, with row bounds to resume or to read groups alone
 * @throws what the store throws
 */
export async function* readState(
  store: EntityStore,
  table: string,
  range: EntityRange,
  pageSize?: number,
): AsyncGenerator<StateItem> {
  let head: StoredEntity | undefined;
  let chunks: StoredEntity[] = [];
  for await (const page of store.query(table, range, pageSize)) {
    for (const entity of page) {
      if (isChunk(entity.rowKey)) {
        if (head && belongs(entity, head)) chunks.push(entity);
        continue;
      }
      const item = head && (await toItem(store, table, head, chunks));
      if (item) yield item;
      head = entity;
      chunks = [];
    }
  }
  const item = head && (await toItem(store, table, head, chunks));
  if (item) yield item;
}

function belongs(chunk: StoredEntity, head: StoredEntity): boolean {
  return (
    typeof head.properties.ver === 'string' &&
    chunk.partitionKey === head.partitionKey &&
    chunk.rowKey.startsWith(`${head.rowKey}~${head.properties.ver}~`)
  );
}

async function toItem(
  store: EntityStore,
  table: string,
  head: StoredEntity,
  chunks: readonly StoredEntity[],
): Promise<StateItem | undefined> {
  const { partitionKey, rowKey } = head;
  if (rowKey === MARK_ROW) return { kind: 'mark', partitionKey, mark: toMark(head) };
  const kind = rowKey.startsWith('g') ? 'group' : 'row';
  let value: StoredValue | undefined;
  try {
    value = await assemble(store, table, head, chunks);
  } catch (error) {
    if (!(error instanceof TornValue)) throw error;
    return { kind: 'damaged', partitionKey, rowKey, reason: error.message };
  }
  return value === undefined ? undefined : { kind, partitionKey, rowKey, value: String(value) };
}

async function assemble(
  store: EntityStore,
  table: string,
  head: StoredEntity,
  chunks: readonly StoredEntity[],
): Promise<StoredValue | undefined> {
  const complete = chunkRowKeys(head.rowKey, head.properties).length === chunks.length;
  try {
    if (complete) return joinValue(head.rowKey, head.properties, chunks);
  } catch (error) {
    if (!(error instanceof TornValue)) throw error;
  }
  return (await readValue(store, table, head))?.value;
}
