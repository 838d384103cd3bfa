import { MARK_ROW } from './keys';
import { encodePosition, type RowPosition } from './position';
import { type EntityStore, type Operation, partitionRange } from './store';

/**
 * A position that the mark has passed although no row of the hub was counted there: it is held for a dead letter. Or one whose row was counted
 * while a letter of it stood. Says who counts it, so that nobody else does.
 */
export interface Held {
  /** '' nobody yet; `HUB`; or the source id under which a letter was sent again. */
  readonly by: string;
  readonly etag: string;
}

/** Counted when the hub was read again. */
export const HUB = 'hub';
/** The ordinal after every row of a record: the whole record is held. */
export const WHOLE_RECORD = 999_999_999;

/** Reads as a chunk of the mark, which has none: readers of groups and rows pass over it, also those of older versions. */
const PREFIX = `${MARK_ROW}~`;

export const heldRowKey = (position: RowPosition): string => `${PREFIX}${encodePosition(position)}`;

/** Holds a position that was not held before, or changes who counts it. */
export function writeHeld(position: RowPosition, by: string, known?: Held): Operation {
  const rowKey = heldRowKey(position);
  const properties = { by };
  return known ? { kind: 'replace', rowKey, properties, ifMatch: known.etag } : { kind: 'create', rowKey, properties };
}

/** What is held of a message in a state partition, by `heldRowKey`. */
export async function readHeld(
  store: EntityStore,
  table: string,
  partitionKey: string,
  sequenceNumber: number,
): Promise<Map<string, Held>> {
  const held = new Map<string, Held>();
  const first = heldRowKey({ sequenceNumber, record: 0, ordinal: 0 });
  const prefix = first.slice(0, first.indexOf('.') + 1);
  for await (const page of store.query(table, partitionRange(partitionKey, { rowFrom: prefix, rowTo: `${prefix}:` })))
    for (const { rowKey, etag, properties } of page) held.set(rowKey, { by: String(properties.by), etag });
  return held;
}
