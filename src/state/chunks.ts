import { createHash } from 'node:crypto';
import { isConflict, TornValue } from './errors';
import { LIMITS, operationSize } from './limits';
import { type EntityStore, type Operation, type Properties, partitionRange, type StoredEntity } from './store';
import {
  BYTES_PER_ENTITY,
  bytesToProperties,
  fromBytes,
  propertiesToBytes,
  readableProperty,
  type StoredValue,
  toBytes,
} from './values';

/**
 * A value of any length as entities: a **head** at the value's own row key and, where one entity is not enough, chunks at
 * `ROWKEY~VERSION~NNNN`. Chunks are written before the head that names them and removed after it is replaced, so a reader
 * of the head finds its chunks or sees that they are gone and reads the head again.
 */
export interface SplitValue {
  /** Properties of the head: `v`, or `enc` + `b0`…, or `enc`, `ver`, `n`, `len`, `sha`. The caller may add its own. */
  readonly head: Properties;
  readonly chunks: readonly { readonly rowKey: string; readonly properties: Properties }[];
}

const CHUNK_LIMIT = 9999;

/**
 * @param version what tells this state of the value from every other one that this row key has had or will have
 * @throws RangeError beyond 9,999 chunks (9 GiB)
 */
export function splitValue(rowKey: string, value: StoredValue, version: string): SplitValue {
  const readable = readableProperty(value);
  if (readable) return { head: readable, chunks: [] };
  const { encoding, bytes } = toBytes(value);
  if (bytes.byteLength <= BYTES_PER_ENTITY) return { head: { enc: encoding, ...bytesToProperties(bytes) }, chunks: [] };
  const n = Math.ceil(bytes.byteLength / BYTES_PER_ENTITY);
  if (n > CHUNK_LIMIT) throw new RangeError(`a value of ${bytes.byteLength} bytes`);
  const sha = createHash('sha256').update(bytes).digest('base64url');
  // The content in the name: two writers of one version cannot overwrite each other's chunks.
  const ver = `${version}-${sha.slice(0, 12)}`;
  const chunks = Array.from({ length: n }, (_, i) => ({
    rowKey: chunkRowKey(rowKey, ver, i),
    properties: bytesToProperties(bytes.subarray(i * BYTES_PER_ENTITY, (i + 1) * BYTES_PER_ENTITY)),
  }));
  return { head: { enc: encoding, ver, n, len: bytes.byteLength, sha }, chunks };
}

/** Whether a row key is that of a chunk. */
export function isChunk(rowKey: string): boolean {
  return rowKey.includes('~');
}

/** The row keys of the chunks that a head names. */
export function chunkRowKeys(rowKey: string, head: Properties): string[] {
  const { ver, n } = head;
  if (typeof ver !== 'string' || typeof n !== 'number' || n > CHUNK_LIMIT) return [];
  return Array.from({ length: n }, (_, i) => chunkRowKey(rowKey, ver, i));
}

/**
 * @param chunks the entities of {@link chunkRowKeys}, in any order, possibly among others
 * @throws TornValue when a chunk is missing or the bytes are not those that the head was written for
 */
export function joinValue(rowKey: string, head: Properties, chunks: readonly StoredEntity[]): StoredValue {
  if (typeof head.v === 'string') return head.v;
  if (head.ver === undefined) return fromBytes(head.enc, propertiesToBytes(head));
  const byKey = new Map(chunks.map((chunk) => [chunk.rowKey, chunk]));
  const parts = chunkRowKeys(rowKey, head).map((key) => {
    const chunk = byKey.get(key);
    if (!chunk) throw new TornValue('a chunk is missing');
    return propertiesToBytes(chunk.properties);
  });
  const bytes = Buffer.concat(parts);
  if (bytes.byteLength !== head.len || createHash('sha256').update(bytes).digest('base64url') !== head.sha)
    throw new TornValue('the chunks are not those of the head');
  return fromBytes(head.enc, bytes);
}

/** Writes chunks ahead of their head, in as few transactions as they fit. */
export async function writeChunks(
  store: EntityStore,
  table: string,
  partitionKey: string,
  chunks: SplitValue['chunks'],
): Promise<void> {
  await transactInParts(
    store,
    table,
    partitionKey,
    chunks.map((chunk) => ({ kind: 'upsert', ...chunk })),
  );
}

/**
 * Removes the chunks that a head named until it was replaced or deleted. When another writer removes some of them at the
 * same time the rest may stay: no head names them, and they go with their partition.
 */
export async function deleteChunks(
  store: EntityStore,
  table: string,
  partitionKey: string,
  rowKeys: readonly string[],
): Promise<void> {
  if (rowKeys.length === 0) return;
  const rows = { rowFrom: rowKeys[0]!, rowTo: `${rowKeys[rowKeys.length - 1]!} `, select: ['ver'] };
  const operations: Operation[] = [];
  for await (const page of store.query(table, partitionRange(partitionKey, rows)))
    for (const { rowKey } of page) operations.push({ kind: 'delete', rowKey, ifMatch: '*' });
  try {
    await transactInParts(store, table, partitionKey, operations);
  } catch (error) {
    if (!isConflict(error)) throw error;
  }
}

/** Operations in order over as many transactions as the limits ask for. Atomic only one by one. */
export async function transactInParts(
  store: EntityStore,
  table: string,
  partitionKey: string,
  operations: readonly Operation[],
): Promise<void> {
  let part: Operation[] = [];
  let bytes = 0;
  for (const operation of operations) {
    const size = operationSize(partitionKey, operation);
    if (part.length === LIMITS.transactionEntities || bytes + size > LIMITS.transactionBytes) {
      await store.transact(table, partitionKey, part);
      part = [];
      bytes = 0;
    }
    part.push(operation);
    bytes += size;
  }
  if (part.length > 0) await store.transact(table, partitionKey, part);
}

const READ_AGAIN = 5;

/**
 * Reads the value of a head that was read before, again from the head when its chunks are gone.
 *
 * @returns the value with the head that it belongs to, or undefined when the head is gone
 * @throws TornValue when it is still torn after {@link READ_AGAIN} tries
 */
export async function readValue(
  store: EntityStore,
  table: string,
  head: StoredEntity,
): Promise<{ head: StoredEntity; value: StoredValue } | undefined> {
  let current: StoredEntity | undefined = head;
  for (let attempt = 1; current; attempt++) {
    const { partitionKey, rowKey, properties }: StoredEntity = current;
    try {
      const chunks = properties.ver === undefined ? [] : await readChunks(store, table, current);
      return { head: current, value: joinValue(rowKey, properties, chunks) };
    } catch (error) {
      if (!(error instanceof TornValue) || attempt === READ_AGAIN) throw error;
      current = await store.get(table, partitionKey, rowKey);
    }
  }
  return undefined;
}

async function readChunks(store: EntityStore, table: string, head: StoredEntity): Promise<StoredEntity[]> {
  const keys = chunkRowKeys(head.rowKey, head.properties);
  const rows = { rowFrom: keys[0]!, rowTo: `${keys[keys.length - 1]!} ` };
  const chunks: StoredEntity[] = [];
  for await (const page of store.query(table, partitionRange(head.partitionKey, rows))) chunks.push(...page);
  return chunks;
}

function chunkRowKey(rowKey: string, version: string, i: number): string {
  return `${rowKey}~${version}~${String(i).padStart(4, '0')}`;
}
