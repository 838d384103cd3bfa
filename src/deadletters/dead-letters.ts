import { transactInParts } from '../state/chunks';
import { isConflict, StoreUnavailable } from '../state/errors';
import { deleteEntities, deleteRange } from '../state/expire';
import { inParallel } from '../state/in-parallel';
import { LIMITS } from '../state/limits';
import {
  type EntityRange,
  type EntityStore,
  type Operation,
  type Properties,
  partitionRange,
  type StoredEntity,
} from '../state/store';
import {
  bytesToProperties,
  fromBytes,
  propertiesToBytes,
  readableProperty,
  storableText,
  toBytes,
} from '../state/values';
import type { BodyStore } from './bodies';
import { findLetters } from './find-letters';
import { type MessageParts, recordsIn } from './message-parts';
import {
  type DeadLetter,
  type DeadLetterKeys,
  type DeadLetterOrigin,
  type DeadLetterReason,
  type DeadLetterSummary,
  dayOf,
  deadLetterId,
  deadLetterKeys,
  parseDeadLetterId,
} from './record';
import { partsFromProperties, partsToProperties } from './stored-parts';
import { type KnownLetter, unite } from './unite';

export interface ListOptions {
  /** Dead letters in one page (default 100). */
  readonly pageSize?: number;
  /** The `next` of the page before. */
  readonly after?: string;
  /** Days of the enqueued time to look at, milliseconds since 1970: from (inclusive) and to (exclusive), whole days. */
  readonly from?: number;
  readonly to?: number;
}

export interface ListPage {
  readonly letters: readonly DeadLetterSummary[];
  /** Set when there may be more. */
  readonly next: string | undefined;
}

/** A dead letter with its body. */
export type StoredLetter = DeadLetterSummary & {
  readonly body: string | Uint8Array;
  readonly parts?: MessageParts;
};

const SUMMARY = [
  'source',
  'made',
  'sid',
  'hubPartition',
  'seq',
  'rec',
  'rule',
  'enqueued',
  'reason',
  'detail',
  'storedAt',
  'length',
  'blob',
  'whole',
  'legs',
  'tracked',
  'count',
];
const DETAIL_LENGTH = 2000;
/** Blobs under way at the same time. */
const PARALLEL = 4;
/** Transactions under way at the same time, and letters in one of them. */
const PARALLEL_TRANSACTIONS = 8;
const TRANSACTION = 100;
/** After so many conflicts with other writers the host is asked to deliver the batch again. */
const ATTEMPTS = 10;

/**
 * Records that could not be evaluated, one each, with the reason. Short bodies are in the entity, long ones in a blob that
 * is written before it and deleted before it.
 */
export class DeadLetters {
  constructor(
    private readonly store: EntityStore,
    private readonly table: string,
    private readonly bodies: BodyStore,
  ) {}

  /**
   * Writes dead letters. What one that is there already says of legs that have counted, and of records that it stands for, is united with what
   * is written, never replaced: two versions of the app know different legs. @throws what the stores throw
   */
  async write(letters: readonly DeadLetter[]): Promise<void> {
    const pending = new Map<string, DeadLetter>();
    for (const letter of letters) pending.set(deadLetterId(deadLetterKeys(letter)), letter);
    const days = new Map<string, DeadLetter[]>();
    for (const letter of pending.values()) {
      const day = dayOf(letter.enqueuedTime);
      days.set(day, [...(days.get(day) ?? []), letter]);
    }
    const transactions = [...days.values()].flatMap((all) =>
      Array.from({ length: Math.ceil(all.length / TRANSACTION) }, (_, i) =>
        all.slice(i * TRANSACTION, (i + 1) * TRANSACTION),
      ),
    );
    await inParallel(transactions, PARALLEL_TRANSACTIONS, (some) => this.unite(some));
  }

  /** Writes a dead letter over the one of this id, as it is. @throws what the stores throw */
  async replace(id: string, letter: DeadLetter): Promise<void> {
    const keys = parseDeadLetterId(id);
    if (!keys) throw new RangeError('not the id of a dead letter');
    const { properties, blob } = toProperties(letter);
    if (blob) await this.bodies.put(blobName(keys), blob);
    await transactInParts(this.store, this.table, keys.partitionKey, [
      { kind: 'upsert', rowKey: keys.rowKey, properties },
    ]);
  }

  /** `letters`: of one day. */
  private async unite(letters: readonly DeadLetter[]): Promise<void> {
    for (let tries = 1; ; tries++) {
      const there = await findLetters(this.store, this.table, letters);
      const operations: Operation[] = [];
      const blobs: [string, Uint8Array][] = [];
      for (const letter of letters) {
        const { keys, entity } = there(letter);
        const { rowKey } = keys;
        const { keepsBody, ...united } = unite(letter, entity && toKnown(entity));
        const summary = standsFor({ ...letter, ...united });
        if (!entity) {
          const { properties, blob } = toProperties(letter);
          if (blob) blobs.push([blobName(keys), blob]);
          operations.push({ kind: 'create', rowKey, properties: { ...properties, ...summary } });
          continue;
        }
        const { properties, blob } = keepsBody
          ? { properties: (await this.store.get(this.table, keys.partitionKey, rowKey))?.properties, blob: undefined }
          : toProperties(letter);
        if (blob) blobs.push([blobName(keys), blob]);
        const all = { ...properties, ...summary };
        operations.push({ kind: 'replace', rowKey, properties: all, ifMatch: entity.etag });
      }
      await inParallel(blobs, PARALLEL, ([name, bytes]) => this.bodies.put(name, bytes));
      try {
        await transactInParts(this.store, this.table, dayOf(letters[0]!.enqueuedTime), operations);
        return;
      } catch (error) {
        if (!isConflict(error)) throw error;
        if (tries === ATTEMPTS) throw new StoreUnavailable('dead letters were changed too often', { cause: error });
      }
    }
  }

  /**
   * Which records of messages of one partition of a hub have a letter: `SEQUENCE.RECORD`, or `SEQUENCE` of one for the message. `messages`: of
   * which those between the first and the last are looked up.
   */
  async standing(
    { source, incarnation, partition }: Pick<DeadLetterOrigin, 'source' | 'incarnation' | 'partition'>,
    messages: readonly Pick<DeadLetterOrigin, 'sequenceNumber' | 'enqueuedTime'>[],
  ): Promise<Set<string>> {
    const days = new Map<string, { first: number; last: number }>();
    for (const { sequenceNumber, enqueuedTime } of messages) {
      const day = dayOf(enqueuedTime);
      const { first, last } = days.get(day) ?? { first: sequenceNumber, last: sequenceNumber };
      days.set(day, { first: Math.min(first, sequenceNumber), last: Math.max(last, sequenceNumber) });
    }
    const found = new Set<string>();
    for (const [day, { first, last }] of days) {
      const key = (sequenceNumber: number): string =>
        deadLetterKeys({ source, incarnation, partition, sequenceNumber, record: 0, enqueuedTime: 0 }).rowKey;
      const rowTo = `${key(last).split('.').slice(0, 3).join('.')}/`;
      const range = partitionRange(day, { rowFrom: key(first).slice(0, -1), rowTo });
      for await (const page of this.store.query(this.table, { ...range, select: ['seq', 'rec', 'whole'] }))
        for (const {
          properties: { seq, rec, whole },
        } of page)
          found.add(whole === true ? String(seq) : `${String(seq)}.${String(rec)}`);
    }
    return found;
  }

  /** A page of dead letters, the oldest day first, without bodies. @throws RangeError for an `after` that is no id */
  async list({ pageSize = 100, after, from, to }: ListOptions = {}): Promise<ListPage> {
    const letters: DeadLetterSummary[] = [];
    for (const range of ranges(after, from, to)) {
      for await (const page of this.store.query(
        this.table,
        { ...range, select: SUMMARY },
        Math.min(1000, pageSize + 1),
      )) {
        for (const entity of page) if (letters.length <= pageSize) letters.push(toSummary(entity));
        if (letters.length > pageSize) break;
      }
      if (letters.length > pageSize) break;
    }
    const more = letters.length > pageSize;
    const shown = letters.slice(0, pageSize);
    return { letters: shown, next: more ? shown[shown.length - 1]?.id : undefined };
  }

  /** @returns undefined when there is none of this id (any more) */
  async get(id: string): Promise<StoredLetter | undefined> {
    const keys = parseDeadLetterId(id);
    const entity = keys && (await this.store.get(this.table, keys.partitionKey, keys.rowKey));
    if (!keys || !entity) return undefined;
    const { properties } = entity;
    const parts = partsFromProperties(properties);
    const summary = { ...toSummary(entity), ...(parts ? { parts } : {}) };
    if (typeof properties.v === 'string') return { ...summary, body: properties.v };
    const bytes = properties.blob === true ? await this.bodies.get(blobName(keys)) : propertiesToBytes(properties);
    return bytes && { ...summary, body: fromBytes(properties.enc, Buffer.from(bytes)) };
  }

  /** Deletes a dead letter with its body; nothing happens when there is none. */
  async delete(id: string): Promise<void> {
    const keys = parseDeadLetterId(id);
    if (!keys) return;
    await this.bodies.delete(blobName(keys));
    await deleteRange(this.store, this.table, partitionRange(keys.partitionKey, oneRow(keys.rowKey)), 1);
  }

  /**
   * Deletes dead letters enqueued on days before that of a time, at most `limit` of them.
   *
   * @param before milliseconds since 1970
   * @returns how many were deleted; fewer than `limit` when there are no more
   */
  async expire(before: number, limit: number): Promise<number> {
    const range = { partitionFrom: '0', partitionTo: dayOf(before) };
    const letters: StoredEntity[] = [];
    for await (const page of this.store.query(this.table, { ...range, select: ['blob'] }, Math.min(1000, limit))) {
      letters.push(...page.slice(0, limit - letters.length));
      if (letters.length >= limit) break;
    }
    const withBlob = letters.filter(({ properties }) => properties.blob === true);
    await inParallel(withBlob, PARALLEL, (letter) => this.bodies.delete(blobName(letter)));
    return deleteEntities(this.store, this.table, letters);
  }
}

function oneRow(rowKey: string): Pick<EntityRange, 'rowFrom' | 'rowTo'> {
  return { rowFrom: rowKey, rowTo: `${rowKey} ` };
}

function blobName({ partitionKey, rowKey }: DeadLetterKeys): string {
  return `${partitionKey}/${rowKey}`;
}

/** The rest of the day that was being listed, then the days after it. */
function* ranges(after: string | undefined, from: number | undefined, to: number | undefined): Generator<EntityRange> {
  const partitionTo = to === undefined ? ':' : dayOf(to);
  if (after === undefined) return yield { partitionFrom: from === undefined ? '0' : dayOf(from), partitionTo };
  const keys = parseDeadLetterId(after);
  if (!keys) throw new RangeError('not the id of a dead letter');
  yield partitionRange(keys.partitionKey, { rowFrom: `${keys.rowKey} ` });
  yield { partitionFrom: `${keys.partitionKey} `, partitionTo };
}

function toProperties(letter: DeadLetter): { properties: Properties; blob?: Uint8Array } {
  const { source, partition, sequenceNumber, record, ruleId, enqueuedTime, reason, detail, storedAt, body } = letter;
  const { isWholeMessage, countedLegs, trackedLegs, parts, incarnation, sourceId } = letter;
  const { encoding, bytes } = toBytes(body);
  const summary = {
    source: storableText(source, DETAIL_LENGTH),
    ...(incarnation === undefined ? {} : { made: storableText(incarnation, DETAIL_LENGTH) }),
    ...(sourceId === undefined ? {} : { sid: sourceId }),
    hubPartition: storableText(partition, DETAIL_LENGTH),
    seq: BigInt(sequenceNumber),
    rec: record,
    ...(ruleId === undefined ? {} : { rule: storableText(ruleId, DETAIL_LENGTH) }),
    enqueued: enqueuedTime,
    reason,
    detail: storableText(detail, DETAIL_LENGTH),
    storedAt,
    length: bytes.byteLength,
    ...(isWholeMessage ? { whole: true } : {}),
    ...standsFor({ countedLegs, trackedLegs, parts }),
  };
  const readable = readableProperty(body);
  if (readable) return { properties: { ...summary, ...readable } };
  if (bytes.byteLength <= LIMITS.binaryBytes)
    return { properties: { ...summary, enc: encoding, ...bytesToProperties(bytes) } };
  return { properties: { ...summary, enc: encoding, blob: true }, blob: bytes };
}

function standsFor({ countedLegs, trackedLegs, parts, detail }: Partial<DeadLetter>): Properties {
  return {
    ...(countedLegs?.length ? { legs: countedLegs.join() } : {}),
    ...(trackedLegs?.length ? { tracked: trackedLegs.join() } : {}),
    ...(parts ? { ...partsToProperties(parts), count: recordsIn(parts) } : {}),
    ...(detail === undefined ? {} : { detail: storableText(detail, DETAIL_LENGTH) }),
  };
}

function toKnown(entity: StoredEntity): KnownLetter {
  const { record, reason, countedLegs, trackedLegs, isWholeMessage } = toSummary(entity);
  const parts = partsFromProperties(entity.properties);
  return { record, reason, countedLegs, trackedLegs, isWholeMessage, parts };
}

function toSummary({ partitionKey, rowKey, properties }: StoredEntity): DeadLetterSummary {
  const { source, hubPartition, seq, rec, rule, enqueued, reason, detail, storedAt, length, whole, legs } = properties;
  const { count, made, sid, tracked } = properties;
  return {
    id: deadLetterId({ partitionKey, rowKey }),
    source: String(source),
    ...(made === undefined ? {} : { incarnation: String(made) }),
    ...(sid === undefined ? {} : { sourceId: String(sid) }),
    partition: String(hubPartition),
    sequenceNumber: Number(seq),
    record: Number(rec),
    ...(rule === undefined ? {} : { ruleId: String(rule) }),
    enqueuedTime: Number(enqueued),
    reason: reason as DeadLetterReason,
    detail: String(detail),
    storedAt: Number(storedAt),
    length: Number(length),
    ...(whole === true ? { isWholeMessage: true } : {}),
    ...(typeof legs === 'string' ? { countedLegs: legs.split(',') } : {}),
    ...(typeof tracked === 'string' ? { trackedLegs: tracked.split(',') } : {}),
    ...(count === undefined ? {} : { recordCount: Number(count) }),
  };
}
