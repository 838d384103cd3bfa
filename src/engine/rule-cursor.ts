import { isConflict } from '../state/errors';
import type { EntityStore } from '../state/store';

/** How far a rule's windows have run. */
export interface RuleCursor {
  /** End of the last window that was run, ms. */
  readonly last: number;
  /** End of the window that is being run, or was last: published before its state is read. */
  readonly closing: number;
  /** When the rule was first seen, ms: windows that began before are incomplete. */
  readonly since: number;
  /** Since when the next window waits for partitions to be read, ms; 0: it does not. */
  readonly waitingSince: number;
  readonly etag?: string;
}

const ROW = 'cursor';
const partition = (ruleId: string): string => `rule.${ruleId}`;

export async function readCursor(store: EntityStore, table: string, ruleId: string): Promise<RuleCursor | undefined> {
  const entity = await store.get(table, partition(ruleId), ROW);
  if (!entity) return undefined;
  const { last, closing, since, waiting } = entity.properties;
  return {
    last: Number(last),
    closing: Number(closing),
    since: Number(since),
    waitingSince: Number(waiting ?? 0),
    etag: entity.etag,
  };
}

/** Writes a cursor over the one that was read. undefined: another flush was faster, and goes on from there. */
export async function writeCursor(
  store: EntityStore,
  table: string,
  ruleId: string,
  cursor: RuleCursor,
): Promise<RuleCursor | undefined> {
  const properties = { last: cursor.last, closing: cursor.closing, since: cursor.since, waiting: cursor.waitingSince };
  try {
    const [etag] = await store.transact(table, partition(ruleId), [
      cursor.etag === undefined
        ? { kind: 'create', rowKey: ROW, properties }
        : { kind: 'replace', rowKey: ROW, properties, ifMatch: cursor.etag },
    ]);
    return { ...cursor, etag };
  } catch (error) {
    if (isConflict(error)) return undefined;
    throw error;
  }
}
