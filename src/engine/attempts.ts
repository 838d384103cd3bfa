import { isConflict } from '../state/errors';
import { type EntityStore, partitionRange } from '../state/store';

/**
 * Where processes began to evaluate a partition and did not say that they came to an end. It is there while some process is at work that had
 * reason to leave it, and after one that died.
 */
export interface Attempt {
  /** All messages before this one are durable. */
  readonly from: number;
  /** Processes that have begun here: those before the last one died, or were too slow. */
  readonly attempts: number;
  /** What the last one was at, noted where messages are taken one by one: reading message `from`, or counting it into a state partition. */
  readonly step: '' | 'read' | `count ${string}`;
  /** Processes that have been at this step. */
  readonly tries: number;
  /** State partitions that message `from` is not counted into: it was tried too often. */
  readonly given: readonly string[];
  /** Message `from` has been counted into some state partition, perhaps. */
  readonly counting: boolean;
  /** When the first process began here, ms. */
  readonly since: number;
}

const PARTITION = 'attempts';

/** The attempts of all partitions: one row each, and none in the usual case. Throws what the store throws. */
export class Attempts {
  constructor(
    private readonly store: EntityStore,
    private readonly table: string,
  ) {}

  async read(partition: string): Promise<Attempt | undefined> {
    const row = await this.store.get(this.table, PARTITION, partition);
    return row && parse(row.properties);
  }

  /** By partition. */
  async readAll(): Promise<Map<string, Attempt>> {
    const found = new Map<string, Attempt>();
    for await (const page of this.store.query(this.table, partitionRange(PARTITION)))
      for (const { rowKey, properties } of page) found.set(rowKey, parse(properties));
    return found;
  }

  /** Of two processes at one partition the last to write counts: an attempt too many makes the next one slower, one too few is made again. */
  async write(partition: string, attempt: Attempt): Promise<void> {
    const properties = { ...attempt, from: BigInt(attempt.from), given: JSON.stringify(attempt.given) };
    await this.store.transact(this.table, PARTITION, [{ kind: 'upsert', rowKey: partition, properties }]);
  }

  async clear(partition: string): Promise<void> {
    try {
      await this.store.transact(this.table, PARTITION, [{ kind: 'delete', rowKey: partition, ifMatch: '*' }]);
    } catch (error) {
      if (!isConflict(error)) throw error;
    }
  }
}

const parse = ({
  from,
  attempts,
  step,
  tries,
  given,
  counting,
  since,
}: Readonly<Record<string, unknown>>): Attempt => ({
  from: Number(from),
  attempts: Number(attempts),
  step: String(step) as Attempt['step'],
  tries: Number(tries),
  given: JSON.parse(String(given)) as string[],
  counting: counting === true,
  since: Number(since),
});
