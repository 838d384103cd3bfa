import { isConflict } from './errors';
import { inParallel } from './in-parallel';
import { MARK_ROW } from './keys';
import { LIMITS } from './limits';
import type { EntityRange, EntityStore, StoredEntity } from './store';

/** Transactions under way at the same time. */
const PARALLEL = 8;

/**
 * Deletes the entities of a range, at most `limit` of them, in the order of their keys. What another caller deletes at the
 * same time is no fault.
 *
 * @returns how many were deleted; fewer than `limit` when the range is empty now, unless another caller was at it too
 */
export async function deleteRange(
  store: EntityStore,
  table: string,
  range: EntityRange,
  limit: number,
): Promise<number> {
  let deleted = 0;
  let found = 0;
  // No property of this name exists: keys and ETags are all that is wanted.
  for await (const page of store.query(table, { ...range, select: ['none'] }, Math.max(1, Math.min(1000, limit)))) {
    const wanted = page.slice(0, limit - found);
    found += wanted.length;
    deleted += await deleteEntities(store, table, wanted);
    if (found >= limit) break;
  }
  return deleted;
}

/**
 * Deletes entities whatever their ETag. Where another caller deletes some of a transaction at the same time, the rest of
 * that transaction stays.
 *
 * @param entities in the order of their partitions
 * @returns how many were deleted
 */
export async function deleteEntities(
  store: EntityStore,
  table: string,
  entities: readonly EntityKeys[],
): Promise<number> {
  let deleted = 0;
  await inParallel([...transactions(entities)], PARALLEL, async (part) => {
    const count = await deleteAll(store, table, part);
    deleted += count;
  });
  return deleted;
}

type EntityKeys = Pick<StoredEntity, 'partitionKey' | 'rowKey'>;

/**
 * Deletes the state of panes, at most `limit` entities in one call. Marks are deleted last: as long as they are there, rows that
 * are delivered again are known to be counted.
 *
 * @returns how many were deleted, as {@link deleteRange}
 */
export async function expireState(
  store: EntityStore,
  table: string,
  range: EntityRange,
  limit: number,
): Promise<number> {
  const afterMark = `${MARK_ROW}!`;
  const values = await deleteRange(store, table, { ...range, rowFrom: afterMark, rowTo: undefined }, limit);
  if (values >= limit) return values;
  return values + (await deleteRange(store, table, { ...range, rowFrom: undefined, rowTo: afterMark }, limit - values));
}

function* transactions(entities: readonly EntityKeys[]): Generator<EntityKeys[]> {
  let part: EntityKeys[] = [];
  for (const entity of entities) {
    if (part.length === LIMITS.transactionEntities || (part[0] && part[0].partitionKey !== entity.partitionKey)) {
      yield part;
      part = [];
    }
    part.push(entity);
  }
  if (part.length > 0) yield part;
}

async function deleteAll(store: EntityStore, table: string, entities: readonly EntityKeys[]): Promise<number> {
  const remove = entities.map(({ rowKey }) => ({ kind: 'delete', rowKey, ifMatch: '*' }) as const);
  try {
    await store.transact(table, entities[0]!.partitionKey, remove);
    return entities.length;
  } catch (error) {
    if (!isConflict(error)) throw error;
    return 0;
  }
}
