import { isConflict } from '../../state/errors';
import { inParallel } from '../../state/in-parallel';
import type { Operation, StoredEntity } from '../../state/store';
import { type AlertJson, allFailed, reasonOf, type SendResult, type Sink } from '../sinks/sink';
import { type Delivered, markDelivered } from './delivered';
import { dueRange, pendingPartition } from './keys';
import { type PendingNote, pendingOperation } from './publish';
import { AHEAD, isSame, ReadAhead, readable } from './read-ahead';
import type { ManifestEntry, Outbox, WindowRecord } from './windows';

export interface DeliverOptions {
  /** Milliseconds since 1970. */
  readonly now: number;
  /** For each sink and call (default 1000). */
  readonly maxAlerts?: number;
  /** For each sink and call (default 500). */
  readonly maxWindows?: number;
  /** Alerts given to a sink at once (default 100). */
  readonly batchAlerts?: number;
  /** JSON characters given to a sink at once; one alert may be more (default 8 Mi). */
  readonly batchLength?: number;
  /** Asked before each window: whether there is time for it. Absent: there is. */
  readonly goOn?: () => boolean;
}

/** What came of one sink. */
export interface Delivery {
  readonly sink: string;
  sent: number;
  failed: number;
  /** Sent, but too large for the receiver to take whole. */
  cut: number;
  /** Windows looked at. */
  windows: number;
  /** Due work is left for the next call. */
  more: boolean;
  /** Of failures, each once, at most ten. */
  readonly reasons: Set<string>;
}

/** A failed alert is tried again after the first of these, then after twice as long each time, up to the second. Milliseconds. */
const FIRST_RETRY = 30_000;
const LAST_RETRY = 3_600_000;
/** The note of a run that is still writing its alerts is looked at again after so long. Milliseconds. */
const NOT_READY = 60_000;

/**
 * Sends what waits for each sink and is due: alerts of manifests that are ready, in the revision that counts, marking for
 * each sink what has arrived. Sinks do not wait for each other. What fails stays and is due again later. The work is
 * proportional to what is pending, never to what was sent before.
 *
 * @returns one result for each sink
 * @throws what the store throws, after every sink has had its turn
 */
export async function deliver(outbox: Outbox, sinks: readonly Sink[], options: DeliverOptions): Promise<Delivery[]> {
  const turns = await Promise.allSettled(sinks.map((sink) => deliverTo(outbox, sink, options)));
  return turns.map((turn) => {
    if (turn.status === 'rejected') throw turn.reason;
    return turn.value;
  });
}

/** A window, and those of its alerts that are to be sent. */
interface Work {
  readonly noteRow: string;
  readonly note: PendingNote;
  readonly window: WindowRecord;
  readonly delivered: Delivered;
  readonly entries: readonly ManifestEntry[];
  readonly alerts: AlertJson[];
  /** Whether nothing of the window is left to be sent after these. */
  readonly whole: boolean;
}

async function deliverTo(outbox: Outbox, sink: Sink, options: DeliverOptions): Promise<Delivery> {
  const { now, maxAlerts = 1000, maxWindows = 500, batchAlerts = 100, batchLength = 8 << 20 } = options;
  const result: Delivery = { sink: sink.name, sent: 0, failed: 0, cut: 0, windows: 0, more: false, reasons: new Set() };
  const notes = await dueNotes(outbox, sink.name, now, maxWindows + 1);
  let batch: Work[] = [];
  let left = maxAlerts;
  let alerts = 0;
  let length = 0;
  const flush = async (): Promise<boolean> => {
    const works = batch;
    [batch, alerts, length] = [[], 0, 0];
    return works.length === 0 || (await send(outbox, sink, works, now, result));
  };
  const wanted = notes.slice(0, maxWindows).map((entity) => ({ rowKey: entity.rowKey, note: toNote(entity) }));
  const ahead = new ReadAhead(
    outbox,
    sink.name,
    wanted.map(({ note }) => note),
  );
  for (const [i, { rowKey, note }] of wanted.entries()) {
    if (options.goOn?.() === false) {
      await flush();
      return { ...result, more: true };
    }
    // Two runs of one window can each have left a note. What is sent for the first must be marked as delivered before the second is
    // looked at, or it would be sent twice.
    const waiting = batch.some((work) => isSame(work.note, note));
    if (waiting && !(await flush())) return { ...result, more: true };
    const found = await ahead.read(i, (other) => batch.some((work) => isSame(work.note, other)));
    if ('reason' in found) {
      result.failed++;
      result.reasons.add(found.reason);
      await postponeNote(outbox, sink.name, rowKey, note, now);
      continue;
    }
    const { window, delivered, todo, alerts: read } = found;
    result.windows++;
    if (todo.length === 0) {
      await settle(outbox, sink.name, rowKey, note, window, now);
      continue;
    }
    // A window of many alerts goes out in several batches.
    for (let from = 0; from < todo.length; ) {
      const entries: ManifestEntry[] = [];
      const sending: AlertJson[] = [];
      while (from < todo.length && left > 0 && alerts < batchAlerts && length < batchLength) {
        const entry = todo[from++]!;
        const alert = await (read[from - 1] ?? readable(outbox, window, entry));
        if (!alert) {
          result.failed++;
          result.reasons.add('an alert of the manifest is not in the outbox, or cannot be read');
          continue;
        }
        entries.push(entry);
        sending.push(alert);
        left--;
        alerts++;
        length += JSON.stringify(alert).length;
      }
      const whole = from >= todo.length;
      batch.push({ noteRow: rowKey, note, window, delivered, entries, alerts: sending, whole });
      if (left === 0 || whole) break;
      if (!(await flush())) return { ...result, more: true };
    }
    if (left === 0) break;
    if ((alerts >= batchAlerts || length >= batchLength) && !(await flush())) return { ...result, more: true };
  }
  await flush();
  result.more = left === 0 || notes.length > maxWindows;
  return result;
}

async function dueNotes({ store, table }: Outbox, sink: string, now: number, limit: number): Promise<StoredEntity[]> {
  const notes: StoredEntity[] = [];
  for await (const page of store.query(table, dueRange(sink, now), Math.min(1000, limit))) {
    notes.push(...page);
    if (notes.length >= limit) break;
  }
  return notes.slice(0, limit);
}

/** @returns false where nothing arrived, or the receiver asked for a wait: this sink is then left until the next call */
async function send(
  outbox: Outbox,
  sink: Sink,
  works: readonly Work[],
  now: number,
  result: Delivery,
): Promise<boolean> {
  const alerts = works.flatMap((work) => work.alerts);
  const sent = alerts.length > 0 ? await trySend(sink, alerts) : { failed: [] };
  const failed = new Map(sent.failed.map(({ index, reason }) => [index, reason]));
  for (const reason of failed.values()) if (result.reasons.size < 10) result.reasons.add(reason);
  result.sent += alerts.length - failed.size;
  result.failed += failed.size;
  result.cut += sent.cut ?? 0;
  const starts: number[] = [];
  let index = 0;
  for (const { entries } of works) {
    starts.push(index);
    index += entries.length;
  }
  await inParallel(works, AHEAD, async (work, i) => {
    const arrived = work.entries.filter((_, j) => !failed.has(starts[i]! + j));
    if (arrived.length > 0) await markDelivered(outbox, work.window, work.delivered, arrived);
    if (arrived.length < work.entries.length) await postpone(outbox, sink.name, work, now, sent.retryAfter);
    else if (work.whole) await settle(outbox, sink.name, work.noteRow, work.note, work.window, now);
  });
  return alerts.length === 0 || (failed.size < alerts.length && sent.retryAfter === undefined);
}

async function trySend(sink: Sink, alerts: readonly AlertJson[]): Promise<SendResult> {
  try {
    return await sink.send(alerts);
  } catch (error) {
    return allFailed(alerts, reasonOf(error));
  }
}

/** Deletes a note when all alerts of the manifest have arrived. While the run that wrote it is not `ready`, it is only put off. */
async function settle(
  outbox: Outbox,
  sink: string,
  noteRow: string,
  note: PendingNote,
  window: WindowRecord,
  now: number,
) {
  const unfinished = window.phase === 'writing' && window.attempt === note.attempt;
  await replaceNote(outbox, sink, noteRow, unfinished ? { ...note, due: now + NOT_READY } : undefined);
}

async function postpone(
  outbox: Outbox,
  sink: string,
  { note, noteRow }: Work,
  now: number,
  retryAfter = 0,
): Promise<void> {
  return postponeNote(outbox, sink, noteRow, note, now, retryAfter);
}

async function postponeNote(
  outbox: Outbox,
  sink: string,
  noteRow: string,
  note: PendingNote,
  now: number,
  retryAfter = 0,
): Promise<void> {
  // Bounded: a receiver, or a proxy before it, may ask for a wait of years.
  const delay = Math.min(LAST_RETRY, Math.max(retryAfter, FIRST_RETRY * 2 ** Math.min(note.failures, 20)));
  await replaceNote(outbox, sink, noteRow, { ...note, due: now + delay, failures: note.failures + 1 });
}

/** Replaces or deletes a note. Where another call has done so at the same time, its change stays. */
async function replaceNote(
  { store, table }: Outbox,
  sink: string,
  noteRow: string,
  next: PendingNote | undefined,
): Promise<void> {
  const operations: Operation[] = next ? [pendingOperation(next)] : [];
  // After a clock was set back, the new due time, and so the row key, can be the old one.
  if (operations[0]?.rowKey !== noteRow) operations.unshift({ kind: 'delete', rowKey: noteRow, ifMatch: '*' });
  try {
    await store.transact(table, pendingPartition(sink), operations);
  } catch (error) {
    if (!isConflict(error)) throw error;
  }
}

function toNote({ properties }: StoredEntity): PendingNote {
  const { rule, end, attempt, due, failures } = properties;
  const [windowEnd, number, dueAt, failed] = [end, attempt, due, failures].map(Number) as [
    number,
    number,
    number,
    number,
  ];
  return { ruleId: String(rule), windowEnd, attempt: number, due: dueAt, failures: failed };
}
