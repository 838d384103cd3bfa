import { joinValue, splitValue } from '../state/chunks';
import type { EntityStore } from '../state/store';
import { type RuleCursor, readCursors } from './rule-cursor';

const PARTITION = 'flush';
const ROW = 'idle';
/** Of more, the rest looks as if its windows had not been looked at. */
const MOST = 10_000;

/**
 * How far rules were looked at whose windows are due and hold nothing, so that their cursors stay where they are. For those who ask how an app
 * does; no window is judged by it.
 */
export class IdleRules {
  private written = '';

  constructor(
    private readonly store: EntityStore,
    private readonly table: string,
  ) {}

  /** By lineage: the end of the last window that holds nothing, ms. */
  async write(idle: ReadonlyMap<string, number>): Promise<void> {
    const text = JSON.stringify([...idle].slice(0, MOST));
    if (idle.size === 0 || text === this.written) return;
    const { head } = splitValue(ROW, text, '');
    await this.store.transact(this.table, PARTITION, [{ kind: 'upsert', rowKey: ROW, properties: head }]);
    this.written = text;
  }
}

/** Every cursor of every rule, with `lastRunEnd` as far as its windows have run, or were found to hold nothing. */
export async function readCursorsAsLooked(store: EntityStore, table: string): Promise<RuleCursor[]> {
  const [cursors, entity] = await Promise.all([readCursors(store, table), store.get(table, PARTITION, ROW)]);
  const idle = new Map(entity ? (JSON.parse(String(joinValue(ROW, entity.properties, []))) as [string, number][]) : []);
  return cursors.map((cursor) => ({
    ...cursor,
    lastRunEnd: Math.max(cursor.lastRunEnd, idle.get(cursor.lineage) ?? cursor.lastRunEnd),
  }));
}
