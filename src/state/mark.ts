import { MARK_ROW } from './keys';
import type { RowPosition } from './position';
import type { EntityStore, Operation, StoredEntity } from './store';

/** What a state partition has counted so far. */
export interface Mark {
  /** The last row counted. */
  readonly position: RowPosition;
  /** Groups in the partition. */
  readonly groups: number;
  /** Kept rows in the partition. */
  readonly rows: number;
  /** Rows counted, those of the groups among them. */
  readonly matches: number;
  /** ETag, undefined before the first write. */
  readonly etag: string | undefined;
}

/** The mark of a partition that was never written: every position is after it. */
const NO_MARK: Mark = {
  position: { sequenceNumber: -1, record: -1, ordinal: -1 },
  groups: 0,
  rows: 0,
  matches: 0,
  etag: undefined,
};

export async function readMark(store: EntityStore, table: string, partitionKey: string): Promise<Mark> {
  const entity = await store.get(table, partitionKey, MARK_ROW);
  return entity ? toMark(entity) : NO_MARK;
}

export function toMark({ etag, properties }: StoredEntity): Mark {
  const { seq, rec, ord, groups, rows, matches } = properties;
  const position = { sequenceNumber: Number(seq), record: Number(rec), ordinal: Number(ord) };
  const held = Number(groups) + Number(rows);
  // A mark of an older version does not say: each group has had a row.
  return { position, groups: Number(groups), rows: Number(rows), matches: Number(matches ?? held), etag };
}

/** Writes a mark over the one that was read: fails where another writer has changed it since. */
export function writeMark(mark: Mark): Operation {
  const { position, groups, rows, matches, etag } = mark;
  const properties = {
    seq: BigInt(position.sequenceNumber),
    rec: position.record,
    ord: position.ordinal,
    groups,
    rows,
    matches,
  };
  if (etag === undefined) return { kind: 'create', rowKey: MARK_ROW, properties };
  return { kind: 'replace', rowKey: MARK_ROW, properties, ifMatch: etag };
}
