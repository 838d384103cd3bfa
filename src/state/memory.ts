import { AlreadyExists, NotFound, PreconditionFailed } from './errors';
import { checkKey, checkTableName, checkTransaction } from './limits';
import type { EntityRange, EntityStore, Operation, Properties, StoredEntity, Written } from './store';

/** One step of the store, as a fault hook sees it. */
export type StoreCall =
  | { readonly kind: 'get'; readonly table: string; readonly partitionKey: string; readonly rowKey: string }
  | { readonly kind: 'page'; readonly table: string; readonly range: EntityRange; readonly page: number }
  | {
      readonly kind: 'transact';
      readonly table: string;
      readonly partitionKey: string;
      readonly operations: readonly Operation[];
    };

export interface MemoryHooks {
  /** Runs before a step. What it throws is what the caller sees, and the step does not happen. */
  before?(call: StoreCall): void | Promise<void>;
  /** Runs after a step. What it throws is what the caller sees, although the step has happened. */
  after?(call: StoreCall): void | Promise<void>;
}

interface Stored {
  readonly etag: string;
  readonly properties: Properties;
}

class Sorted<V> {
  readonly map = new Map<string, V>();
  private sorted: string[] | undefined;

  set(key: string, value: V): void {
    if (!this.map.has(key)) this.sorted = undefined;
    this.map.set(key, value);
  }

  delete(key: string): void {
    if (this.map.delete(key)) this.sorted = undefined;
  }

  keys(): readonly string[] {
    this.sorted ??= [...this.map.keys()].sort();
    return this.sorted;
  }

  /** The index of the first key that is not below `key`. */
  lowerBound(key: string): number {
    const keys = this.keys();
    let low = 0;
    let high = keys.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (keys[middle]! < key) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}

/**
 * A store in memory with the behaviour of Table Storage at the level of entities, ETags, transactions and pages. Fault
 * hooks run around every step, so that a test can crash, delay, refuse or interleave anything anywhere.
 */
export class MemoryStore implements EntityStore {
  private readonly tables = new Map<string, Sorted<Sorted<Stored>>>();
  private version = 0;
  hooks: MemoryHooks;

  constructor(hooks: MemoryHooks = {}) {
    this.hooks = hooks;
  }

  async get(table: string, partitionKey: string, rowKey: string): Promise<StoredEntity | undefined> {
    checkTableName(table);
    checkKey('partition key', partitionKey);
    checkKey('row key', rowKey);
    return this.step({ kind: 'get', table, partitionKey, rowKey }, () => {
      const stored = this.tables.get(table)?.map.get(partitionKey)?.map.get(rowKey);
      return stored && toEntity(partitionKey, rowKey, stored);
    });
  }

  async *query(table: string, range: EntityRange, pageSize = 1000): AsyncIterable<readonly StoredEntity[]> {
    checkTableName(table);
    let after: { partitionKey: string; rowKey: string } | undefined;
    for (let page = 0; ; page++) {
      const entities = await this.step({ kind: 'page', table, range, page }, () =>
        this.page(table, range, pageSize, after),
      );
      yield entities;
      if (entities.length < pageSize) return;
      after = entities[entities.length - 1]!;
    }
  }

  async transact(table: string, partitionKey: string, operations: readonly Operation[]): Promise<Written> {
    checkTransaction(table, partitionKey, operations);
    return this.step({ kind: 'transact', table, partitionKey, operations }, () => {
      const rows = this.tables.get(table)?.map.get(partitionKey)?.map;
      for (const operation of operations) checkConditions(operation, rows?.get(operation.rowKey));
      return operations.map((operation) => this.apply(table, partitionKey, operation));
    });
  }

  /** All entities of a table, in order, without hooks. */
  dump(table: string): StoredEntity[] {
    const everything = { partitionFrom: '', partitionTo: '\uffff' };
    return this.page(table, everything, Number.POSITIVE_INFINITY, undefined);
  }

  private async step<T>(call: StoreCall, action: () => T): Promise<T> {
    await this.hooks.before?.(call);
    const result = action();
    await this.hooks.after?.(call);
    return result;
  }

  private page(
    table: string,
    range: EntityRange,
    size: number,
    after: { partitionKey: string; rowKey: string } | undefined,
  ): StoredEntity[] {
    const found: StoredEntity[] = [];
    const partitions = this.tables.get(table);
    if (!partitions) return found;
    const partitionKeys = partitions.keys();
    for (let p = partitions.lowerBound(after?.partitionKey ?? range.partitionFrom); p < partitionKeys.length; p++) {
      const partitionKey = partitionKeys[p]!;
      if (partitionKey >= range.partitionTo) break;
      const rows = partitions.map.get(partitionKey)!;
      const rowKeys = rows.keys();
      const resumed = after?.partitionKey === partitionKey ? `${after.rowKey}\u0000` : '';
      const from = range.rowFrom !== undefined && range.rowFrom > resumed ? range.rowFrom : resumed;
      for (let r = rows.lowerBound(from); r < rowKeys.length; r++) {
        const rowKey = rowKeys[r]!;
        if (range.rowTo !== undefined && rowKey >= range.rowTo) break;
        found.push(toEntity(partitionKey, rowKey, rows.map.get(rowKey)!, range.select));
        if (found.length === size) return found;
      }
    }
    return found;
  }

  private apply(table: string, partitionKey: string, operation: Operation): string | undefined {
    const partitions = this.tables.get(table) ?? new Sorted<Sorted<Stored>>();
    this.tables.set(table, partitions);
    const rows = partitions.map.get(partitionKey) ?? new Sorted<Stored>();
    partitions.set(partitionKey, rows);
    if (operation.kind === 'delete') {
      rows.delete(operation.rowKey);
      if (rows.map.size === 0) partitions.delete(partitionKey);
      return undefined;
    }
    const etag = `W/"${++this.version}"`;
    rows.set(operation.rowKey, { etag, properties: copy(operation.properties) });
    return etag;
  }
}

function checkConditions(operation: Operation, stored: Stored | undefined): void {
  if (operation.kind === 'upsert') return;
  if (operation.kind === 'create') {
    if (stored) throw new AlreadyExists('the entity is there already');
    return;
  }
  if (!stored) throw new NotFound('the entity is not there');
  if (operation.ifMatch !== '*' && operation.ifMatch !== stored.etag) throw new PreconditionFailed('another ETag');
}

function copy(properties: Properties, select?: readonly string[]): Properties {
  const result: Record<string, Properties[string]> = {};
  for (const [name, value] of Object.entries(properties)) {
    if (select && !select.includes(name)) continue;
    result[name] = value instanceof Uint8Array ? new Uint8Array(value) : value;
  }
  return result;
}

function toEntity(partitionKey: string, rowKey: string, stored: Stored, select?: readonly string[]): StoredEntity {
  return { partitionKey, rowKey, etag: stored.etag, properties: copy(stored.properties, select) };
}
