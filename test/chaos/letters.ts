import { DeadLetters } from '../../src/deadletters/dead-letters';
import { deadLetterId } from '../../src/deadletters/record';
import type { DeadLetterWriter, EngineOptions } from '../../src/engine';
import { Resender } from '../../src/engine/resend';
import type { Resent } from '../../src/engine/resent';
import { deadLetterWriter } from '../../src/host/dead-letters';
import { StoreRejected } from '../../src/state/errors';
import { MARK_ROW } from '../../src/state/keys';
import type { MemoryStore } from '../../src/state/memory';
import type { EntityStore, StoredEntity } from '../../src/state/store';
import { count } from './world';

export const LETTERS = 'letters';

/** The place of a record in its hub. Times in ms. */
export interface RecordPlace {
  readonly partition: number;
  readonly sequenceNumber: number;
  readonly enqueuedTime: number;
  readonly record: number;
}

/** A record that was not counted, for a rule or (undefined) for all; `ends`: for the windows that end then alone. */
export interface Uncounted extends RecordPlace {
  readonly ruleId: string | undefined;
  readonly ends?: ReadonlySet<number>;
}

/** Outcomes after which a letter is gone, and what it stood for is counted: of `partly` but for what letters of rules stand for. */
const COUNTED: readonly Resent['outcome'][] = ['counted', 'counted-before', 'partly'];

/**
 * The dead letters of a history. While it refuses, the state table takes no row of some messages: these become dead letters of the rules
 * that would have counted them, and are sent again at random, also before they can be counted. So are events that came too late, and those that a
 * rule failed on.
 */
export class Letters {
  isRefusing = false;
  private readonly bodies = new Map<string, Uint8Array>();
  /** Letters of events that came too late, by id, which somebody has tried to have counted all the same. */
  private readonly accepting = new Set<string>();
  /** What came too late and is counted all the same. */
  readonly accepted: RecordPlace[] = [];
  private readonly uncorrected: Uncounted[] = [];

  constructor(
    private readonly store: MemoryStore,
    private readonly happened: Map<string, number>,
  ) {}

  /** What a process writes its dead letters to. */
  writer(store: EntityStore): DeadLetterWriter {
    return deadLetterWriter(this.in(store), (reason, n) => {
      for (let i = 0; i < n; i++) count(this.happened, `letter ${reason}`);
    });
  }

  /** The store of a process, which refuses rows of every third message. */
  refusing(store: EntityStore): EntityStore {
    return {
      ...(store.time ? { time: store.time.bind(store) } : {}),
      get: (table, partitionKey, rowKey) => store.get(table, partitionKey, rowKey),
      query: (table, range, pageSize) => store.query(table, range, pageSize),
      transact: async (table, partitionKey, operations) => {
        const mark = operations.find(({ rowKey }) => table === 'state' && rowKey === MARK_ROW);
        const hasRows = operations.some(({ rowKey }) => !rowKey.startsWith(MARK_ROW));
        if (this.isRefusing && hasRows && mark && mark.kind !== 'delete' && Number(mark.properties.seq) % 3 === 1)
          throw new StoreRejected('the row is refused', 400, 'InvalidInput');
        return store.transact(table, partitionKey, operations);
      },
    };
  }

  /** Sends a letter again. `now`: ms. */
  async resend(options: EngineOptions, id: string, now: number): Promise<void> {
    const letters = this.in(options.store);
    const letter = this.store.dump(LETTERS).find((one) => deadLetterId(one) === id);
    const acceptLate = letter !== undefined && (letter.properties.reason === 'too-late' || this.isAccepted(letter));
    if (acceptLate) this.accepting.add(id);
    const resent = await new Resender(options, letters).resend(id, now, { acceptLate });
    count(this.happened, `resend ${resent?.outcome ?? 'of what is gone'}${acceptLate ? ', late' : ''}`);
    if (!letter || !resent || !COUNTED.includes(resent.outcome)) return;
    const place = placeOf(letter);
    if (acceptLate && letter.properties.rule === undefined) this.accepted.push(place);
    const { uncorrected = [] } = resent;
    if (uncorrected.length === 0) return;
    count(this.happened, 'resend that says what it does not correct');
    const ends = new Set(uncorrected.map((end) => Date.parse(end)));
    this.uncorrected.push({ ...place, ruleId: ruleOf(letter), ends });
  }

  /** A rule may have failed on what came too late. */
  private isAccepted(letter: StoredEntity): boolean {
    const place = JSON.stringify(placeOf(letter));
    return this.accepted.some((at) => JSON.stringify(at) === place);
  }

  /** All but what is stamped ahead. */
  readonly ids = (): string[] =>
    this.store
      .dump(LETTERS)
      .filter(({ properties: { reason } }) => reason !== 'too-early')
      .map(deadLetterId);

  /** Whether a letter is to be sent again when all comes to rest: what came too late is left, unless somebody wants it counted. */
  readonly isWanted = (id: string): boolean => {
    const letter = this.store.dump(LETTERS).find((one) => deadLetterId(one) === id);
    return letter?.properties.reason !== 'too-late' || this.accepting.has(id);
  };

  /** What is still a letter, or was when windows were over. Not what is refused for its time, unless somebody has tried to have it counted. */
  uncounted(): Uncounted[] {
    const standing = this.store
      .dump(LETTERS)
      .filter((letter) => {
        const { reason, rule } = letter.properties;
        return reason === 'state-rejected' || rule !== undefined || this.accepting.has(deadLetterId(letter));
      })
      .map((letter) => ({ ...placeOf(letter), ruleId: ruleOf(letter) }));
    return [...standing, ...this.uncorrected];
  }

  private in(store: EntityStore): DeadLetters {
    const { bodies } = this;
    return new DeadLetters(store, LETTERS, {
      put: async (name, bytes) => void bodies.set(name, bytes),
      get: async (name) => bodies.get(name),
      delete: async (name) => void bodies.delete(name),
    });
  }
}

const placeOf = ({ properties: { hubPartition, seq, rec, enqueued } }: StoredEntity): RecordPlace => ({
  partition: Number(hubPartition),
  sequenceNumber: Number(seq),
  enqueuedTime: Number(enqueued),
  record: Number(rec),
});

const ruleOf = ({ properties: { rule } }: StoredEntity): string | undefined =>
  rule === undefined ? undefined : String(rule);
