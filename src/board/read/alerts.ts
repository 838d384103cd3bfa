import type { Alert } from '../../alerts/alert';
import { readAlert } from '../../alerts/delivery/alert-rows';
import { listAllWindows, lookupWindow, type Outbox, type WindowKey } from '../../alerts/delivery/windows';
import { inParallel } from '../../state/in-parallel';
import type { BoardStorage } from '../source';
import type { AlertRow, AlertsView, AlertView } from '../types';

/** Windows that are looked at, over all rules. */
const MOST_WINDOWS = 20_000;
const PARALLEL = 16;
/** Revisions of one alert that are shown. */
const MOST_REVISIONS = 50;
/** Alerts kept in memory: a revision never changes. */
const MOST_KEPT = 5_000;

/** An alert in the revision that counts, before its record is read. */
interface Entry extends WindowKey {
  readonly id: string;
  readonly revision: number;
  readonly isWithdrawn: boolean;
}

export interface AlertIndex {
  /** The newest window first. */
  readonly entries: readonly Entry[];
  /** End of the last window that was run, by rule. */
  readonly lastWindows: ReadonlyMap<string, number>;
  readonly more: boolean;
}

const outboxOf = ({ store, tables }: BoardStorage): Outbox => ({ store, table: tables.alerts });

/** Alerts with the end of their window in [from, to), ms, in the revisions that count: from the windows alone. */
export async function readAlertIndex(storage: BoardStorage, from: number, to: number): Promise<AlertIndex> {
  const entries: Entry[] = [];
  const lastWindows = new Map<string, number>();
  let windows = 0;
  for await (const { ruleId, windowEnd, manifest } of listAllWindows(outboxOf(storage), from, to)) {
    if (++windows > MOST_WINDOWS) break;
    lastWindows.set(ruleId, Math.max(windowEnd, lastWindows.get(ruleId) ?? windowEnd));
    for (const { id, revision, withdrawn } of manifest)
      entries.push({ ruleId, windowEnd, id, revision, isWithdrawn: withdrawn });
  }
  entries.sort((a, b) => b.windowEnd - a.windowEnd || (a.id < b.id ? -1 : 1));
  return { entries, lastWindows, more: windows > MOST_WINDOWS };
}

/** Reads alerts, and keeps what cannot change. */
export class AlertReader {
  private readonly kept = new Map<string, AlertRow>();

  async list(
    storage: BoardStorage,
    { entries, more }: Omit<AlertIndex, 'lastWindows'>,
    limit: number,
  ): Promise<AlertsView> {
    const wanted = entries.slice(0, limit);
    const rows = new Array<AlertRow | undefined>(wanted.length);
    await inParallel(wanted, PARALLEL, async (entry, i) => {
      rows[i] = await this.row(storage, entry);
    });
    const alerts = rows.filter((row) => row !== undefined);
    return { alerts, count: entries.length, more: more || entries.length > limit };
  }

  private async row(storage: BoardStorage, entry: Entry): Promise<AlertRow | undefined> {
    const key = `${entry.ruleId} ${entry.windowEnd} ${entry.id} ${entry.revision}`;
    const known = this.kept.get(key);
    if (known) return known;
    const json = await readAlert(outboxOf(storage), entry, entry.id, entry.revision);
    if (!json) return undefined;
    const row = toRow(entry, json as unknown as Alert);
    this.kept.set(key, row);
    if (this.kept.size > MOST_KEPT) for (const oldest of [...this.kept.keys()].slice(0, 500)) this.kept.delete(oldest);
    return row;
  }
}

/** All revisions of an alert that are kept. undefined: its window does not hold it (any more). */
export async function readRevisions(
  storage: BoardStorage,
  key: WindowKey,
  id: string,
): Promise<Pick<AlertView, 'revisions'> | undefined> {
  const outbox = outboxOf(storage);
  const window = await lookupWindow(outbox, key);
  const entry = window.manifest.find((one) => one.id === id);
  if (!entry) return undefined;
  const first = Math.max(1, entry.revision - MOST_REVISIONS + 1);
  const numbers = Array.from({ length: entry.revision - first + 1 }, (_, i) => first + i);
  const revisions = new Array<AlertView['revisions'][number] | undefined>(numbers.length);
  await inParallel(numbers, PARALLEL, async (revision, i) => {
    revisions[i] = (await readAlert(outbox, key, id, revision)) as AlertView['revisions'][number] | undefined;
  });
  return { revisions: revisions.filter((one) => one !== undefined) };
}

const listed = (text: string): string[] => text.split(',').filter((item) => item !== '');

const toRow = (entry: Entry, alert: Alert): AlertRow => ({
  ...entry,
  isIncomplete: alert.Incomplete,
  name: alert.AlertName,
  severity: alert.AlertSeverity,
  start: alert.StartTime,
  end: alert.EndTime,
  tactics: listed(alert.Tactics),
  techniques: listed(alert.Techniques),
  entity: alert.CompromisedEntity,
  results: alert.Results.length,
});
