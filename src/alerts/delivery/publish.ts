import { StoreUnavailable } from '../../state/errors';
import { inParallel } from '../../state/in-parallel';
import type { Operation } from '../../state/store';
import type { AlertJson } from '../sinks/sink';
import { hashAlert, readAlert, writeAlert } from './alert-rows';
import { pendingPartition, pendingRow } from './keys';
import { type ManifestEntry, type Outbox, type WindowRecord, writeWindow } from './windows';

export interface Publication {
  readonly planHash: string;
  /** The alerts of this run, each id once. Revision is set here. */
  readonly alerts: readonly AlertJson[];
  /**
   * What becomes of an alert whose result row is gone: the alert that says so. Without it the alert stays as it was.
   */
  readonly withdraw?: (alert: AlertJson) => AlertJson;
  /** Names of the sinks that the alerts go to; none in shadow mode. */
  readonly sinks: readonly string[];
  readonly incomplete?: boolean;
  readonly suppressedUntil?: number;
  /** Fields that do not make an alert another one; see {@link hashAlert}. */
  readonly ignore?: readonly string[];
  /** Milliseconds since 1970. */
  readonly now: number;
}

export interface PublishResult {
  readonly window: WindowRecord;
  readonly created: number;
  readonly revised: number;
  readonly withdrawn: number;
  readonly unchanged: number;
}

/** So many revision numbers are tried: runs that were killed or lost may have used some. */
const TAKEN_REVISIONS = 50;
/** Alert rows written at the same time. */
const PARALLEL = 8;

/**
 * Publishes the result of a run. First the window's record is set to `writing`, which fences off older runs; then alerts are written
 * as immutable rows and each sink gets a note; only then the record becomes `ready`, with the manifest that says which alerts count,
 * in which revision. If this is killed, the manifest of the run before stays in force until another run completes. An alert that the
 * run before published, and that has not changed, keeps its revision and is not sent again.
 *
 * @param window as looked up before the state was read
 * @throws WindowLost when another run has begun since; what the store throws
 */
export async function publishWindow(
  outbox: Outbox,
  window: WindowRecord,
  publication: Publication,
): Promise<PublishResult> {
  const { planHash, sinks, incomplete = false, suppressedUntil, now } = publication;
  const changes = await planChanges(outbox, window, publication);
  const attempt = window.attempt + 1;
  const base = { ruleId: window.ruleId, windowEnd: window.windowEnd, attempt, planHash };
  const last = {
    ...base,
    incomplete,
    suppressedUntil: suppressedUntil ?? window.suppressedUntil,
    revision: window.revision + 1,
  };
  const counts = countChanges(changes);
  if (changes.every((change) => change.alert === undefined)) {
    const manifest = changes.map((change) => change.entry);
    return { window: await writeWindow(outbox, window, { ...last, phase: 'ready', manifest }), ...counts };
  }
  const writing = await writeWindow(outbox, window, {
    ...base,
    phase: 'writing',
    revision: window.revision,
    manifest: window.manifest,
    incomplete: window.incomplete,
    suppressedUntil: window.suppressedUntil,
  });
  const manifest = await writeChanges(outbox, window, changes);
  for (const sink of sinks) await notePending(outbox, sink, { ...base, due: now, failures: 0 });
  return { window: await writeWindow(outbox, writing, { ...last, phase: 'ready', manifest }), ...counts };
}

export interface PendingNote {
  readonly ruleId: string;
  readonly windowEnd: number;
  /** The run that wrote the note. */
  readonly attempt: number;
  /** Milliseconds since 1970. */
  readonly due: number;
  /** Tries that failed, one after the other. */
  readonly failures: number;
}

export function pendingOperation({ ruleId, windowEnd, attempt, due, failures }: PendingNote): Operation {
  const rowKey = pendingRow(due, windowEnd, ruleId, attempt);
  return { kind: 'upsert', rowKey, properties: { rule: ruleId, end: windowEnd, attempt, due, failures } };
}

function notePending({ store, table }: Outbox, sink: string, note: PendingNote): Promise<unknown> {
  return store.transact(table, pendingPartition(sink), [pendingOperation(note)]);
}

interface Change {
  readonly entry: ManifestEntry;
  /** To be written; undefined when the alert stays as it is. */
  readonly alert?: AlertJson;
}

async function planChanges(
  outbox: Outbox,
  window: WindowRecord,
  { alerts, withdraw, ignore, incomplete = false }: Publication,
): Promise<Change[]> {
  const fingerprint = (alert: AlertJson): string => hashAlert(alert, ignore) + (incomplete ? INCOMPLETE : '');
  const before = new Map(window.manifest.map((entry) => [entry.id, entry]));
  const ids = new Set<string>();
  const changes: Change[] = [];
  for (const alert of alerts) {
    const id = alert.SystemAlertId;
    if (ids.has(id)) throw new RangeError('one alert id twice in a window');
    ids.add(id);
    changes.push(planChange(before.get(id), alert, fingerprint(alert), false));
  }
  for (const entry of window.manifest) {
    if (ids.has(entry.id)) continue;
    const old = withdraw && !entry.withdrawn ? await readAlert(outbox, window, entry.id, entry.revision) : undefined;
    if (!old || !withdraw) changes.push({ entry });
    else {
      const alert = withdraw(old);
      changes.push(planChange(entry, alert, fingerprint(alert), true));
    }
  }
  return changes;
}

/** Ends the hash of an alert that was made before all events of its window could be read. */
const INCOMPLETE = '.i';

/** An alert is as it was where it says the same, unless it could not say before that its window is complete. */
function planChange(before: ManifestEntry | undefined, alert: AlertJson, hash: string, withdrawn: boolean): Change {
  const completes = before?.hash.endsWith(INCOMPLETE) === true && !hash.endsWith(INCOMPLETE) && !withdrawn;
  const saysSame = before?.hash.replace(INCOMPLETE, '') === hash.replace(INCOMPLETE, '');
  if (before && saysSame && before.withdrawn === withdrawn && !completes) return { entry: before };
  return { entry: { id: alert.SystemAlertId, revision: (before?.revision ?? 0) + 1, hash, withdrawn }, alert };
}

function countChanges(changes: readonly Change[]): Omit<PublishResult, 'window'> {
  const written = changes.filter((change) => change.alert);
  const withdrawn = written.filter((change) => change.entry.withdrawn).length;
  const created = written.filter((change) => !change.entry.withdrawn && change.entry.revision === 1).length;
  return {
    created,
    revised: written.length - created - withdrawn,
    withdrawn,
    unchanged: changes.length - written.length,
  };
}

async function writeChanges(
  outbox: Outbox,
  window: WindowRecord,
  changes: readonly Change[],
): Promise<ManifestEntry[]> {
  const manifest: ManifestEntry[] = changes.map((change) => change.entry);
  await inParallel(changes, PARALLEL, async ({ alert, entry }, i) => {
    if (alert) manifest[i] = await writeRevision(outbox, window, alert, entry);
  });
  return manifest;
}

/** Writes the alert under the first revision number that is free, or that holds the same alert already. */
async function writeRevision(
  outbox: Outbox,
  window: WindowRecord,
  alert: AlertJson,
  entry: ManifestEntry,
): Promise<ManifestEntry> {
  for (let taken = 0; taken < TAKEN_REVISIONS; taken++) {
    const revision = entry.revision + taken;
    const outcome = await writeAlert(outbox, window, { ...alert, Revision: revision }, entry.hash);
    if (outcome !== 'other') return { ...entry, revision };
  }
  throw new StoreUnavailable('every revision tried is taken by another run');
}
