import { setTimeout as delay } from 'node:timers/promises';
import { MemoryStore } from '../../src/state/memory';
import {
  type EntityRange,
  type EntityStore,
  type Operation,
  type StoredEntity,
  writtenAt,
} from '../../src/state/store';

/** A store in memory that answers every request after some time, as one at the other end of a network does, and counts them. */
export class SlowStore implements EntityStore {
  readonly inner = new MemoryStore();
  reads = 0;
  transactions = 0;
  /** Entities written. */
  entities = 0;
  /** Requests that waited for the answer of another: how many times some were under way after none had been. */
  chain = 0;
  private underWay = 0;
  private lastBegun = Number.NEGATIVE_INFINITY;
  readonly time?: () => Promise<number>;

  constructor(
    private readonly delayMs: number,
    private readonly clock?: () => number,
  ) {
    if (clock) this.time = async () => clock();
  }

  reset(): void {
    this.reads = 0;
    this.transactions = 0;
    this.entities = 0;
    this.chain = 0;
  }

  async get(table: string, partitionKey: string, rowKey: string): Promise<StoredEntity | undefined> {
    this.reads++;
    await this.answer();
    return this.inner.get(table, partitionKey, rowKey);
  }

  async *query(table: string, range: EntityRange, pageSize?: number): AsyncIterable<readonly StoredEntity[]> {
    const pages = this.inner.query(table, range, pageSize)[Symbol.asyncIterator]();
    for (;;) {
      this.reads++;
      await this.answer();
      const page = await pages.next();
      if (page.done) return;
      yield page.value;
    }
  }

  async transact(table: string, partitionKey: string, operations: readonly Operation[]) {
    this.transactions++;
    this.entities += operations.length;
    await this.answer();
    return writtenAt(await this.inner.transact(table, partitionKey, operations), this.clock?.());
  }

  private async answer(): Promise<void> {
    const now = performance.now();
    // Requests that are sent within one answer's time wait together.
    if (this.underWay === 0 || now - this.lastBegun >= this.delayMs) {
      this.chain++;
      this.lastBegun = now;
    }
    this.underWay++;
    await delay(this.delayMs);
    this.underWay--;
  }
}
