import { MemoryStore } from '../../src/state/memory';
import { type Operation, type Written, writtenAt } from '../../src/state/store';

/** A store that says what time it is, as Table Storage does. */
export class ClockedStore extends MemoryStore {
  /** ms. */
  now = 0;

  async time(): Promise<number> {
    return this.now;
  }

  override async transact(table: string, partitionKey: string, operations: readonly Operation[]): Promise<Written> {
    return writtenAt(await super.transact(table, partitionKey, operations), this.now);
  }
}
