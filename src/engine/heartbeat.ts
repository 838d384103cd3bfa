import type { EntityStore } from '../state/store';

/** What the last flush says of itself. */
export interface Heartbeat {
  /** When it ended, ms since 1970. */
  readonly at: number;
  /** How long after the one before it, ms; 0: there was none. */
  readonly everyMs: number;
  /** The lateness bound that it kept state for, ms. */
  readonly maxLateMs: number;
  /** State of before this (ms) may have been deleted under a smaller bound that was in force once. */
  readonly keptFrom: number;
  /** Rules that it had no time for. */
  readonly behind: number;
}

const PARTITION = 'flush';
const ROW = 'last';

/** undefined: no flush has ended yet. */
export async function readHeartbeat(store: EntityStore, table: string): Promise<Heartbeat | undefined> {
  const entity = await store.get(table, PARTITION, ROW);
  if (!entity) return undefined;
  const { at, every, maxLate, keptFrom, behind } = entity.properties;
  const [atMs, everyMs, maxLateMs, keptFromMs] = [at, every, maxLate, keptFrom].map(Number) as [
    number,
    number,
    number,
    number,
  ];
  return { at: atMs, everyMs, maxLateMs, keptFrom: keptFromMs, behind: Number(behind ?? 0) };
}

/** Notes the end of a flush at `now` (ms), which keeps state for events that are `maxLateMs` late and had no time for `behind` rules. */
export async function writeHeartbeat(
  store: EntityStore,
  table: string,
  now: number,
  maxLateMs: number,
  behind = 0,
): Promise<void> {
  const before = await readHeartbeat(store, table);
  const grew = before !== undefined && maxLateMs > before.maxLateMs;
  const keptFrom = grew ? Math.max(before.keptFrom, now - before.maxLateMs) : (before?.keptFrom ?? 0);
  const every = before === undefined ? 0 : Math.max(0, now - before.at);
  await store.transact(table, PARTITION, [
    { kind: 'upsert', rowKey: ROW, properties: { at: now, every, maxLate: maxLateMs, keptFrom, behind } },
  ]);
}
