import { MARK_ROW } from './keys';
import type { Position } from './position';
import type { Entity, EntityStore, Operation } from './store';

/** What a state partition has counted so far. */
export interface Mark {
  /** The last row counted. */
  readonly position: Position;
  /** Groups in the partition. */
  readonly groups: number;
  /** Kept rows in the partition. */
  readonly rows: number;
  /** ETag, undefined before the first write. */
  readonly etag: string | undefined;
}

/** Before everything. */
const NO_MARK: Mark = {
  position: { sequenceNumber: -1, record: -1, ordinal: -1 },
  groups: 0,
  rows: 0,
  etag: undefined,
};

export async function readMark(store: EntityStore, table: string, partitionKey: string): Promise<Mark> {
  const entity = await store.get(table, partitionKey, MARK_ROW);
  return entity ? toMark(entity) : NO_MARK;
}

export function toMark({ etag, properties }: Entity): Mark {
  const { seq, rec, ord, groups, rows } = properties;
  const position = { sequenceNumber: Number(seq), record: Number(rec), ordinal: Number(ord) };
  return { position, groups: Number(groups), rows: Number(rows), etag };
}

/** The write of a mark in place of the one read before: whoever was faster makes it fail. */
export function writeMark(mark: Mark): Operation {
  const { position, groups, rows, etag } = mark;
  const properties = {
    seq: BigInt(position.sequenceNumber),
    rec: position.record,
    ord: position.ordinal,
    groups,
    rows,
  };
  if (etag === undefined) return { kind: 'create', rowKey: MARK_ROW, properties };
  return { kind: 'replace', rowKey: MARK_ROW, properties, ifMatch: etag };
}
