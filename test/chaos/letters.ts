import { DeadLetters } from '../../src/deadletters/dead-letters';
import { deadLetterId } from '../../src/deadletters/record';
import type { DeadLetterWriter, EngineOptions } from '../../src/engine';
import { Resender } from '../../src/engine/resend';
import { deadLetterWriter } from '../../src/host/dead-letters';
import { StoreRejected } from '../../src/state/errors';
import { MARK_ROW } from '../../src/state/keys';
import type { MemoryStore } from '../../src/state/memory';
import type { EntityStore } from '../../src/state/store';
import { count } from './world';

export const LETTERS = 'letters';

/** A record that was not counted, for a rule or (undefined) for all. Times in ms. */
export interface Uncounted {
  readonly ruleId: string | undefined;
  readonly sequenceNumber: number;
  readonly enqueuedTime: number;
}

/**
 * The dead letters of a history. While it refuses, the state table takes no row of some messages: these become dead letters of the rules
 * that would have counted them, and are sent again at random, also before they can be counted.
 */
export class Letters {
  isRefusing = false;
  private readonly bodies = new Map<string, Uint8Array>();

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
    const resent = await new Resender(options, this.in(options.store)).resend(id, now);
    count(this.happened, `resend ${resent?.outcome ?? 'of what is gone'}`);
  }

  readonly ids = (): string[] =>
    this.store
      .dump(LETTERS)
      .filter(({ properties }) => properties.reason === 'state-rejected')
      .map(deadLetterId);

  /** What is still a letter, and so was not counted: not what is refused for its time, unless a rule's windows over it are given up. */
  uncounted(): Uncounted[] {
    return this.store
      .dump(LETTERS)
      .filter(({ properties: { reason, rule } }) => reason === 'state-rejected' || rule !== undefined)
      .map(({ properties: { rule, seq, enqueued } }) => ({
        ruleId: rule === undefined ? undefined : String(rule),
        sequenceNumber: Number(seq),
        enqueuedTime: Number(enqueued),
      }));
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
