import { partitionForKey } from './partition-key';
import { PartitionLog } from './partition-log';
import type { Partition } from './reader';

export interface HubOptions {
  partitions: number;
  /** Only these (and `$Default`) exist; without the list any consumer group does. */
  consumerGroups?: readonly string[];
  /** Enqueued time of what arrives, milliseconds since 1970; default the system clock. */
  clock?: () => number;
}

/** One event hub: its partitions and who reads them. */
export class Hub {
  readonly name: string;
  createdAt = Date.now();
  readonly partitions: readonly Partition[];
  readonly #consumerGroups: ReadonlySet<string> | undefined;
  clock: () => number;
  #nextPartition = 0;

  constructor(name: string, options: HubOptions, retentionBytes: number) {
    if (!Number.isInteger(options.partitions) || options.partitions < 1 || options.partitions > 1024) {
      throw new RangeError(`event hub ${name}: partition count must be from 1 to 1024, not ${options.partitions}`);
    }
    this.name = name;
    this.clock = options.clock ?? Date.now;
    this.#consumerGroups =
      options.consumerGroups && new Set(['$default', ...options.consumerGroups.map((group) => group.toLowerCase())]);
    this.partitions = Array.from({ length: options.partitions }, (_, id) => ({
      log: new PartitionLog(String(id), retentionBytes),
      readers: new Set(),
    }));
  }

  hasConsumerGroup(name: string): boolean {
    return this.#consumerGroups === undefined || this.#consumerGroups.has(name.toLowerCase());
  }

  /** The partition for an event: the one named, else by key, else the next in turn. */
  route(partitionId: string | undefined, partitionKey: string | undefined): Partition {
    let index: number;
    if (partitionId !== undefined) index = Number(partitionId);
    else if (partitionKey !== undefined) index = partitionForKey(partitionKey, this.partitions.length);
    else index = this.#nextPartition++ % this.partitions.length;
    return this.partitions[index]!;
  }
}
