import type { StoredGroup } from './groups';
import type { Mark } from './mark';

/** Groups of a partition as they were at one ETag of its mark, least recently used first, with their total size. */
export class KnownGroups {
  private readonly groups = new Map<string, StoredGroup>();
  /** Size of keys and values in memory, approximately. */
  bytes = 0;

  /** @param complete whether a group that is not among them does not exist */
  constructor(public complete: boolean) {}

  get(groupKey: string): StoredGroup | undefined {
    return this.groups.get(groupKey);
  }

  has(groupKey: string): boolean {
    return this.groups.has(groupKey);
  }

  /** Adds or replaces a group and makes it the most recently used. */
  touch(groupKey: string, group: StoredGroup): void {
    this.remove(groupKey);
    this.groups.set(groupKey, group);
    this.bytes += sizeOf(groupKey, group);
  }

  /** Drops the least recently used groups until at most so many bytes are left. */
  shrink(bytes: number): void {
    for (const groupKey of this.groups.keys()) {
      if (this.bytes <= bytes) return;
      this.complete = false;
      this.remove(groupKey);
    }
  }

  private remove(groupKey: string): void {
    const group = this.groups.get(groupKey);
    if (!group) return;
    this.groups.delete(groupKey);
    this.bytes -= sizeOf(groupKey, group);
  }
}

/** A partition as this process left it: its mark, and groups as they were then. */
export interface KnownPartition {
  readonly known: KnownGroups;
  readonly mark: Mark;
}

/** Of an entry, its row key among it. */
const ENTRY_OVERHEAD = 300;
const PARTITION_OVERHEAD = 600;

/**
 * Saves a process reading marks and groups that it wrote itself. It cannot make a result wrong: every write to the groups of a partition
 * gives its mark a new ETag, and what is written over this knowledge is written If-Match that ETag. Where it is no longer the mark's, the
 * write fails and the partition is read.
 */
export class GroupCache {
  private readonly partitions = new Map<string, KnownPartition>();
  private bytes = 0;

  /** @param maxBytes of keys, marks and values, about (default 64 MiB) */
  constructor(private readonly maxBytes = 64 << 20) {}

  /** What is known of a partition; undefined: nothing. The caller owns it: it is in the cache no more. */
  take(partition: string): KnownPartition | undefined {
    const cached = this.partitions.get(partition);
    if (!cached) return undefined;
    this.partitions.delete(partition);
    this.bytes -= weightOf(cached);
    return cached;
  }

  /** Keeps what is known of a partition after its last transaction. */
  keep(partition: string, known: KnownGroups, mark: Mark): void {
    if (mark.etag === undefined || this.partitions.has(partition)) return;
    const kept = { known, mark };
    this.partitions.set(partition, kept);
    this.bytes += weightOf(kept);
    this.evict();
  }

  private evict(): void {
    for (const [partition, cached] of this.partitions) {
      if (this.bytes <= this.maxBytes) return;
      const others = this.bytes - weightOf(cached);
      cached.known.shrink(this.maxBytes - others - PARTITION_OVERHEAD);
      this.bytes = others + weightOf(cached);
      if (this.bytes <= this.maxBytes) return;
      this.partitions.delete(partition);
      this.bytes = others;
    }
  }
}

const weightOf = ({ known }: KnownPartition): number => known.bytes + PARTITION_OVERHEAD;

function sizeOf(groupKey: string, { value }: StoredGroup): number {
  return (groupKey.length + value.length) * 2 + ENTRY_OVERHEAD;
}
