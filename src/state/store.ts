/**
 * A store of entities with ETags, transactions within a partition, and range queries in pages: Azure Table Storage and
 * what can stand in for it. It knows no groups, windows or alerts.
 *
 * @see https://learn.microsoft.com/rest/api/storageservices/understanding-the-table-service-data-model
 */

/** A property: string, double, 64-bit integer (bigint), boolean or bytes. */
export type PropertyValue = string | number | bigint | boolean | Uint8Array;

export type Properties = Readonly<Record<string, PropertyValue>>;

export interface StoredEntity {
  readonly partitionKey: string;
  readonly rowKey: string;
  readonly etag: string;
  readonly properties: Properties;
}

export type Operation =
  /** Fails with AlreadyExists when the row is there. */
  | { readonly kind: 'create'; readonly rowKey: string; readonly properties: Properties }
  /** Creates the row or replaces all its properties. */
  | { readonly kind: 'upsert'; readonly rowKey: string; readonly properties: Properties }
  /** Replaces all properties. PreconditionFailed on another ETag, NotFound without the row. `*` matches any ETag. */
  | { readonly kind: 'replace'; readonly rowKey: string; readonly properties: Properties; readonly ifMatch: string }
  /** PreconditionFailed on another ETag, NotFound without the row. `*` matches any ETag. */
  | { readonly kind: 'delete'; readonly rowKey: string; readonly ifMatch: string };

/** Keys compare by UTF-16 code unit. The row bounds hold within every partition of the range. */
export interface EntityRange {
  readonly partitionFrom: string;
  /** Exclusive. */
  readonly partitionTo: string;
  readonly rowFrom?: string;
  /** Exclusive. */
  readonly rowTo?: string;
  /** Only these properties are returned (keys and ETag always are). */
  readonly select?: readonly string[];
}

/** What a transaction gives: the new ETag of each operation, undefined for a delete. */
export interface Written extends ReadonlyArray<string | undefined> {
  /** What time it was for the store when it had applied them, ms, to the second: the Date of its answer. Absent: it does not say. */
  readonly time?: number;
}

export interface EntityStore {
  /** @returns the entity, or undefined when it is not there. */
  get(table: string, partitionKey: string, rowKey: string): Promise<StoredEntity | undefined>;

  /**
   * Entities of a range in the order of (partition key, row key). Each page is a read of its own: a write that happens
   * between two pages may be seen in part. A page can be empty and not be the last.
   *
   * @param pageSize entities a page, 1 to 1000 (default 1000).
   */
  query(table: string, range: EntityRange, pageSize?: number): AsyncIterable<readonly StoredEntity[]>;

  /**
   * Applies all operations or none. Every row at most once.
   *
   * One call is one request: it is never repeated inside. So PreconditionFailed, AlreadyExists and NotFound always speak
   * of another writer and never of an earlier try of the same call, and only StoreUnavailable leaves the outcome open.
   *
   * @throws PreconditionFailed, AlreadyExists, NotFound, LimitExceeded, StoreUnavailable, StoreRejected
   */
  transact(table: string, partitionKey: string, operations: readonly Operation[]): Promise<Written>;

  /** What time it is for the store, ms, to the second; undefined: it does not say. Absent: it has no clock of its own. */
  time?(table: string): Promise<number | undefined>;
}

/** ETags with the time of the store's answer, ms; it is not enumerable, so that they stay equal to any others. */
export const writtenAt = (etags: readonly (string | undefined)[], time: number | undefined): Written =>
  time === undefined ? etags : Object.defineProperty([...etags], 'time', { value: time });

/** The range of one partition: a space is the lowest character that a key may have. */
export function partitionRange(
  partitionKey: string,
  rows?: Pick<EntityRange, 'rowFrom' | 'rowTo' | 'select'>,
): EntityRange {
  return { ...rows, partitionFrom: partitionKey, partitionTo: `${partitionKey} ` };
}
