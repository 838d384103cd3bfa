import { LimitExceeded, StoreRejected } from './errors';
import type { Operation, Properties, PropertyValue } from './store';

/**
 * The limits of Table Storage, kept by us because the emulator does not keep all of them.
 *
 * @see https://learn.microsoft.com/rest/api/storageservices/understanding-the-table-service-data-model
 * @see https://learn.microsoft.com/rest/api/storageservices/performing-entity-group-transactions
 */
export const LIMITS = {
  /** Entities in a transaction. */
  transactionEntities: 100,
  /** Bytes of a transaction. */
  transactionBytes: 4 * 1024 * 1024,
  /** Bytes of an entity, strings counted as UTF-16. */
  entityBytes: 1024 * 1024,
  /** UTF-16 code units of a string property. */
  stringLength: 32 * 1024,
  /** Bytes of a binary property. */
  binaryBytes: 64 * 1024,
  /** Properties of an entity, without PartitionKey, RowKey and Timestamp. */
  properties: 252,
  /** UTF-16 code units of a key. */
  keyLength: 512,
  propertyNameLength: 255,
} as const;

const FORBIDDEN_IN_KEY =
  /[/\\#?\u0000-\u001f\u007f-\u009f]|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/;
const TABLE_NAME = /^[A-Za-z][A-Za-z0-9]{2,62}$/;
const PROPERTY_NAME = /^[A-Za-z][A-Za-z0-9_]*$/;
/** Names that the service or its client keeps for itself. */
const RESERVED = new Set(['partitionkey', 'rowkey', 'timestamp', 'etag', 'constructor']);

/** Request line, headers and boundaries of one operation in the multipart body, generously. */
const OPERATION_OVERHEAD = 700;

export function checkTableName(table: string): void {
  if (!TABLE_NAME.test(table))
    throw new StoreRejected(`not a table name: ${JSON.stringify(table)}`, 400, 'InvalidResourceName');
}

export function checkKey(what: 'partition key' | 'row key', key: string): void {
  if (key.length > LIMITS.keyLength) throw new LimitExceeded(`${what} length`, key.length, LIMITS.keyLength);
  if (FORBIDDEN_IN_KEY.test(key))
    throw new StoreRejected(`${what} has a character that keys must not have`, 400, 'OutOfRangeInput');
}

/** Bytes of a property as the service counts them. */
function propertySize(name: string, value: PropertyValue): number {
  const overhead = 8 + name.length * 2;
  switch (typeof value) {
    case 'string':
      return overhead + value.length * 2 + 4;
    case 'boolean':
      return overhead + 1;
    case 'object':
      return overhead + value.byteLength + 4;
    default:
      return overhead + 8;
  }
}

/** Bytes of an entity as the service counts them. */
function entitySize(partitionKey: string, rowKey: string, properties: Properties): number {
  let size = 4 + (partitionKey.length + rowKey.length) * 2;
  for (const [name, value] of Object.entries(properties)) size += propertySize(name, value);
  return size;
}

/** Bytes of the property in the JSON of the request. */
function wireSize(name: string, value: PropertyValue): number {
  const overhead = name.length * 2 + 40;
  if (typeof value === 'string') return overhead + Buffer.byteLength(JSON.stringify(value));
  if (typeof value === 'object') return overhead + Math.ceil(value.byteLength / 3) * 4;
  return overhead + 24;
}

/** Bytes that an operation takes of a transaction's {@link LIMITS.transactionBytes}, never less than the service counts. */
export function operationSize(partitionKey: string, operation: Operation): number {
  const keys = (partitionKey.length + operation.rowKey.length) * 4;
  if (operation.kind === 'delete') return OPERATION_OVERHEAD + keys;
  let wire = OPERATION_OVERHEAD + keys;
  for (const [name, value] of Object.entries(operation.properties)) wire += wireSize(name, value);
  return Math.max(wire, entitySize(partitionKey, operation.rowKey, operation.properties));
}

/** No more bytes than JSON makes of a UTF-16 code unit. */
const MOST_BYTES_A_UNIT = 6;

/** No less than {@link operationSize}, and cheaper: no text is looked at. */
function operationBound(partitionKey: string, operation: Operation): number {
  let bound = OPERATION_OVERHEAD + (partitionKey.length + operation.rowKey.length) * 4;
  if (operation.kind === 'delete') return bound;
  const { properties } = operation;
  for (const name in properties) {
    const value = properties[name]!;
    bound +=
      typeof value === 'string' ? name.length * 2 + 42 + value.length * MOST_BYTES_A_UNIT : wireSize(name, value);
  }
  return bound;
}

/** Whether operations fit into the bytes of a transaction. */
export function fitTransaction(partitionKey: string, operations: readonly Operation[]): boolean {
  let bound = 0;
  for (const operation of operations) bound += operationBound(partitionKey, operation);
  return bound <= LIMITS.transactionBytes || bytesOf(partitionKey, operations) <= LIMITS.transactionBytes;
}

const bytesOf = (partitionKey: string, operations: readonly Operation[]): number =>
  operations.reduce((sum, operation) => sum + operationSize(partitionKey, operation), 0);

function checkProperties(partitionKey: string, rowKey: string, properties: Properties): void {
  const entries = Object.entries(properties);
  if (entries.length > LIMITS.properties)
    throw new LimitExceeded('properties of an entity', entries.length, LIMITS.properties);
  for (const [name, value] of entries) {
    if (name.length > LIMITS.propertyNameLength)
      throw new LimitExceeded('property name length', name.length, LIMITS.propertyNameLength);
    if (!PROPERTY_NAME.test(name) || RESERVED.has(name.toLowerCase()))
      throw new StoreRejected(`not a property name: ${JSON.stringify(name)}`, 400, 'PropertyNameInvalid');
    checkValue(name, value);
  }
  const size = entitySize(partitionKey, rowKey, properties);
  if (size > LIMITS.entityBytes) throw new LimitExceeded('entity bytes', size, LIMITS.entityBytes);
}

function checkValue(name: string, value: PropertyValue): void {
  if (typeof value === 'string' && value.length > LIMITS.stringLength)
    throw new LimitExceeded(`string length of property ${name}`, value.length, LIMITS.stringLength);
  if (value instanceof Uint8Array && value.byteLength > LIMITS.binaryBytes)
    throw new LimitExceeded(`bytes of property ${name}`, value.byteLength, LIMITS.binaryBytes);
  if (typeof value === 'bigint' && BigInt.asIntN(64, value) !== value)
    throw new StoreRejected(`property ${name} is not a 64-bit integer`, 400, 'InvalidInput');
  if (typeof value === 'number' && !Number.isFinite(value))
    throw new StoreRejected(`property ${name} is not a finite number`, 400, 'InvalidInput');
}

/**
 * Checks a transaction before it is sent.
 *
 * @throws LimitExceeded where a size or a count is over its limit
 * @throws StoreRejected for what the service would refuse: names, key characters, one row twice, no operation at all
 */
export function checkTransaction(table: string, partitionKey: string, operations: readonly Operation[]): void {
  checkTableName(table);
  checkKey('partition key', partitionKey);
  if (operations.length === 0) throw new StoreRejected('a transaction without operations', 400, 'InvalidInput');
  if (operations.length > LIMITS.transactionEntities)
    throw new LimitExceeded('entities of a transaction', operations.length, LIMITS.transactionEntities);
  const rows = new Set<string>();
  for (const operation of operations) {
    checkKey('row key', operation.rowKey);
    if (rows.has(operation.rowKey))
      throw new StoreRejected('one row twice in a transaction', 400, 'InvalidDuplicateRow');
    rows.add(operation.rowKey);
    if (operation.kind !== 'delete') checkProperties(partitionKey, operation.rowKey, operation.properties);
  }
  if (!fitTransaction(partitionKey, operations))
    throw new LimitExceeded('bytes of a transaction', bytesOf(partitionKey, operations), LIMITS.transactionBytes);
}
