import type { LogEvent } from '../engine';
import { type ExternalList, externalLists, fileRows, joinRows, type ListRows, referenceName } from '../plan/plan-lists';
import type { RulePlan } from '../plan/rule-plan';
import { isConflict } from '../state/errors';
import { fetchList } from './fetch-list';
import { type ListAge, listAges } from './list-ages';
import type { ListStore, StoredList } from './list-store';

export interface RefreshOptions {
  readonly plans: readonly RulePlan[];
  readonly store: ListStore;
  /** A list that was looked at less than this ago is left alone, ms. */
  readonly everyMs: number;
  readonly now: () => number;
  readonly log: (event: LogEvent) => void;
  readonly timeoutMs?: number;
}

export interface RefreshResult {
  /** Lists that were due. */
  readonly checked: number;
  readonly changed: number;
  readonly failed: number;
  /** Lists that have not been seen for longer than three times the interval. */
  readonly old: number;
}

/** A list is reported as old after so many intervals, so that one failed try is not. */
const OLD_AFTER = 3;

/**
 * Fetches the lists of plans that are due and stores what changed; the engine takes it from there. A list that cannot be fetched, or that
 * has no rows any more, stays as it was. Throws StoreError.
 */
export async function refreshLists(options: RefreshOptions): Promise<RefreshResult> {
  const { plans, store, everyMs, now, log } = options;
  const wanted = externalLists(plans);
  if (wanted.length === 0) return { checked: 0, changed: 0, failed: 0, old: 0 };
  const before = await store.catalogue();
  const lists: Record<string, StoredList> = {};
  const counts = { checked: 0, changed: 0, failed: 0 };
  for (const list of wanted) {
    const known = before?.lists[list.id];
    if (known) lists[list.id] = known;
    if (now() - lastSeen(list, known) < everyMs) continue;
    counts.checked++;
    try {
      const fresh = await fetchRows(list, options);
      const stored = await store.put(list.id, fresh.rows, fresh.files, new Date(now()).toISOString());
      const isChanged = stored.sha256 !== known?.sha256;
      if (isChanged) counts.changed++;
      // A file that has not changed keeps the date of its content.
      lists[list.id] = isChanged ? stored : { ...stored, files: known.files };
    } catch (error) {
      if (!(error instanceof ListError)) throw error;
      counts.failed++;
      log({ level: 'warn', message: 'list not refreshed', list: error.list, reason: error.message });
    }
  }
  if (counts.checked > counts.failed) {
    try {
      await store.publish(lists, before);
    } catch (error) {
      // Another process has stored the same files meanwhile.
      if (!isConflict(error)) throw error;
    }
  }
  const old = listAges(plans, lists, now()).filter(({ ageMs }) => ageMs > OLD_AFTER * everyMs);
  for (const age of old) logOld(age, log);
  return { ...counts, old: old.length };
}

const lastSeen = ({ files }: ExternalList, known: StoredList | undefined): number =>
  Math.max(
    Date.parse(known?.checkedAt ?? '1970-01-01'),
    Math.min(...files.map(({ fetchedAt }) => Date.parse(fetchedAt))),
  );

function logOld({ name, ageMs, rows }: ListAge, log: RefreshOptions['log']): void {
  log({ level: 'error', message: 'list is old', list: name, hours: Math.floor(ageMs / 3_600_000), rows });
}

class ListError extends Error {
  constructor(
    readonly list: string,
    message: string,
  ) {
    super(message);
  }
}

async function fetchRows(
  list: ExternalList,
  { now, timeoutMs }: RefreshOptions,
): Promise<{ rows: ListRows['rows']; files: StoredList['files'] }> {
  const rows: ListRows['rows'][] = [];
  const files: StoredList['files'] = [];
  for (const file of list.files) {
    const { url = '' } = file;
    try {
      // An http URL in a plan was allowed when the plan was built.
      const { text, sha256 } = (await fetchList(url, { allowHttp: url.startsWith('http:'), timeoutMs }))!;
      const found = fileRows(list, file, text);
      rows.push(found);
      files.push({ sha256, rows: found.length, fetchedAt: new Date(now()).toISOString() });
      joinRows(rows);
    } catch (error) {
      throw new ListError(referenceName(file), (error as Error).message);
    }
  }
  return { rows: joinRows(rows), files };
}
