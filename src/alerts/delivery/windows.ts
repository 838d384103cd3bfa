import { joinValue, splitValue } from '../../state/chunks';
import { isConflict, LimitExceeded, StoreError } from '../../state/errors';
import {
  type EntityStore,
  type Operation,
  type Properties,
  partitionRange,
  type StoredEntity,
} from '../../state/store';
import { BYTES_PER_ENTITY, storableText } from '../../state/values';
import { rulePartition, windowRow } from './keys';

/** Where the outbox is. */
export interface Outbox {
  readonly store: EntityStore;
  readonly table: string;
}

/** An alert of a window, in the revision that counts. */
export interface ManifestEntry {
  readonly id: string;
  readonly revision: number;
  /** Of the content, to see whether a later run changes it. */
  readonly hash: string;
  /** The result row is gone, and this revision says so. */
  readonly withdrawn: boolean;
}

export interface WindowKey {
  readonly ruleId: string;
  /** T of the run, milliseconds since 1970. */
  readonly windowEnd: number;
}

/** The record of a window: one row of the outbox, which every run of the window writes over the one that it read. */
export interface WindowRecord extends WindowKey {
  /** Runs begun, 0 when there was none. */
  readonly attempt: number;
  /** `writing`: a run has begun to publish. `ready`: the last run that began has published. */
  readonly phase: 'none' | 'writing' | 'ready';
  /** Results published, 0 when there was none. The manifest is that of the last one. */
  readonly revision: number;
  readonly manifest: readonly ManifestEntry[];
  /** The plan that the window belongs to. */
  readonly planHash: string;
  /** The result was computed before all events could be read. */
  readonly incomplete: boolean;
  /** Why the last run failed, where it did: what the window said before still counts. */
  readonly failure?: string;
  /** End of the suppression that began with an alert of this window, milliseconds since 1970. */
  readonly suppressedUntil?: number;
  readonly etag?: string;
}

/** Another run of the window was begun after this one: its result counts, and this run must stop. */
export class WindowLost extends StoreError {}

/**
 * Reads the record of a window. A run does so *before* it reads the state that it evaluates: a run that read older state then
 * cannot publish over one that read newer state, for the ETag has changed.
 */
export async function lookupWindow({ store, table }: Outbox, key: WindowKey): Promise<WindowRecord> {
  const entity = await store.get(table, rulePartition(key.ruleId), windowRow(key.windowEnd));
  return entity
    ? toWindow(entity)
    : { ...key, attempt: 0, phase: 'none', revision: 0, manifest: [], planHash: '', incomplete: false };
}

/** The windows of a rule with their end in [from, to), milliseconds since 1970, in order. */
export async function* listWindows(
  { store, table }: Outbox,
  ruleId: string,
  from: number,
  to: number,
): AsyncGenerator<WindowRecord> {
  const rows = { rowFrom: windowRow(from), rowTo: windowRow(to) };
  for await (const page of store.query(table, partitionRange(rulePartition(ruleId), rows)))
    for (const entity of page) yield toWindow(entity);
}

/** The windows of all rules with their end in [from, to), milliseconds since 1970, rule by rule. */
export async function* listAllWindows(
  { store, table }: Outbox,
  from: number,
  to: number,
): AsyncGenerator<WindowRecord> {
  const range = { partitionFrom: 'rule.', partitionTo: 'rule/', rowFrom: windowRow(from), rowTo: windowRow(to) };
  for await (const page of store.query(table, range)) for (const entity of page) yield toWindow(entity);
}

/**
 * Writes the next state of a window over the one that was read.
 *
 * @throws WindowLost when it is not the state that was read any more; LimitExceeded for a manifest of more than about
 *   ten thousand alerts
 */
export async function writeWindow(
  { store, table }: Outbox,
  read: WindowRecord,
  next: Omit<WindowRecord, 'etag'>,
): Promise<WindowRecord> {
  const rowKey = windowRow(read.windowEnd);
  const properties = toProperties(next);
  const operation: Operation =
    read.etag === undefined
      ? { kind: 'create', rowKey, properties }
      : { kind: 'replace', rowKey, properties, ifMatch: read.etag };
  try {
    const [etag] = await store.transact(table, rulePartition(read.ruleId), [operation]);
    return { ...next, etag };
  } catch (error) {
    if (isConflict(error)) throw new WindowLost('another run of the window has begun', { cause: error });
    throw error;
  }
}

function toProperties(window: Omit<WindowRecord, 'etag'>): Properties {
  const manifest = window.manifest.map(({ id, revision, hash, withdrawn }) => [id, revision, hash, withdrawn ? 1 : 0]);
  const { ruleId, windowEnd, attempt, phase, revision, planHash, incomplete, suppressedUntil, failure } = window;
  const fixed = { rule: ruleId, end: windowEnd, attempt, phase, revision, plan: planHash, incomplete };
  const room: Properties = {
    ...(suppressedUntil === undefined ? {} : { suppressedUntil }),
    ...(failure === undefined ? {} : { failure: storableText(failure, REASON_LENGTH) }),
  };
  return { ...fixed, ...room, ...oneEntity('manifest', JSON.stringify(manifest)) };
}

function toWindow({ rowKey, properties, etag }: StoredEntity): WindowRecord {
  const { rule, end, attempt, phase, revision, plan, incomplete, suppressedUntil, failure } = properties;
  const manifest = JSON.parse(String(joinValue(rowKey, properties, []))) as [string, number, string, number][];
  return {
    ruleId: String(rule),
    windowEnd: Number(end),
    attempt: Number(attempt),
    phase: phase === 'ready' ? 'ready' : 'writing',
    revision: Number(revision),
    manifest: manifest.map(([id, r, hash, withdrawn]) => ({ id, revision: r, hash, withdrawn: withdrawn === 1 })),
    planHash: String(plan),
    incomplete: incomplete === true,
    ...(suppressedUntil === undefined ? {} : { suppressedUntil: Number(suppressedUntil) }),
    ...(failure === undefined ? {} : { failure: String(failure) }),
    etag,
  };
}

const REASON_LENGTH = 1_000;

/**
 * Marks a window whose run, by this plan, failed for a reason of its own. What it said before stays; a run that gets through takes the mark away. Throws
 * WindowLost, and what the store throws.
 */
export async function markFailed(
  outbox: Outbox,
  key: WindowKey,
  { planHash, failure }: Pick<WindowRecord, 'planHash'> & { readonly failure: string },
): Promise<void> {
  const window = await lookupWindow(outbox, key);
  await writeWindow(outbox, window, {
    ...window,
    planHash,
    attempt: window.attempt + 1,
    phase: 'ready',
    incomplete: true,
    failure,
  });
}

/** A text as properties of one entity. @throws LimitExceeded when it takes more than one */
export function oneEntity(what: string, text: string): Properties {
  const { head, chunks } = splitValue('', text, '');
  if (chunks.length > 0) throw new LimitExceeded(`bytes of a ${what}`, Buffer.byteLength(text), BYTES_PER_ENTITY);
  return head;
}
