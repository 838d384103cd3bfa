import { chunkRowKeys, isChunk, readValue } from './chunks';
import { inParallel } from './in-parallel';
import { groupRowKey } from './keys';
import type { Mark } from './mark';
import { type EntityStore, partitionRange, type StoredEntity } from './store';

/** The stored partial aggregate of a group. */
export interface StoredGroup {
  readonly value: string;
  /** Of its head: {@link groupRowKey} of its key, which costs more than remembering it. */
  readonly rowKey: string;
  /** Row keys of the chunks that hold it, beside its head. */
  readonly chunks: readonly string[];
}

/** Point reads under way at the same time. */
const PARALLEL = 16;
/** Up to so many groups are read one by one. */
const FEW = 4;
/** More are read as a range, while the partition has at most so many groups for each one asked for. */
const WASTE = 8;

/**
 * Reads the groups of the given keys. The mark must have been read before: whatever another writer commits after that
 * makes the write that follows fail.
 *
 * @returns the groups that exist, by group key
 * @throws TornValue, and what the store throws
 */
export async function readGroups(
  store: EntityStore,
  table: string,
  partitionKey: string,
  groupKeys: readonly string[],
  mark: Mark,
): Promise<Map<string, StoredGroup>> {
  if (mark.groups === 0 || groupKeys.length === 0) return new Map();
  const heads =
    groupKeys.length > FEW && mark.groups <= groupKeys.length * WASTE
      ? await readRange(store, table, partitionKey)
      : await readPoints(store, table, partitionKey, groupKeys);
  const found = new Map<string, StoredGroup>();
  for (const groupKey of groupKeys) {
    const rowKey = groupRowKey(groupKey);
    const head = heads.get(rowKey);
    const read = head && (await readValue(store, table, head));
    if (!read) continue;
    const chunks = chunkRowKeys(rowKey, read.head.properties);
    found.set(groupKey, { value: String(read.value), rowKey, chunks });
  }
  return found;
}

async function readRange(store: EntityStore, table: string, partitionKey: string): Promise<Map<string, StoredEntity>> {
  const heads = new Map<string, StoredEntity>();
  for await (const page of store.query(table, partitionRange(partitionKey, { rowFrom: 'g', rowTo: 'h' })))
    for (const entity of page) if (!isChunk(entity.rowKey)) heads.set(entity.rowKey, entity);
  return heads;
}

async function readPoints(
  store: EntityStore,
  table: string,
  partitionKey: string,
  groupKeys: readonly string[],
): Promise<Map<string, StoredEntity>> {
  const heads = new Map<string, StoredEntity>();
  await inParallel(groupKeys, PARALLEL, async (groupKey) => {
    const rowKey = groupRowKey(groupKey);
    const head = await store.get(table, partitionKey, rowKey);
    if (head) heads.set(rowKey, head);
  });
  return heads;
}
