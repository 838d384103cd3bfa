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

interface Cached {
  readonly known: KnownGroups;
  readonly etag: string;
}

const ENTRY_OVERHEAD = 200;

/**
 * Saves a process reading groups that it wrote itself. It cannot make a result wrong: every write to the groups of a partition
 * gives its mark a new ETag, so groups kept with the ETag that the mark still has are what the store holds. Others are dropped.
 */
export class GroupCache {
  private readonly partitions = new Map<string, Cached>();
  private bytes = 0;

  /** @param maxBytes of keys and values, about (default 64 MiB) */
  constructor(private readonly maxBytes = 64 << 20) {}

  /** What is known of a partition whose mark was just read. The caller owns it: it is in the cache no more. */
  take(partition: string, mark: Mark): KnownGroups {
    const cached = this.partitions.get(partition);
    if (cached) {
      this.partitions.delete(partition);
      this.bytes -= cached.known.bytes;
    }
    return cached && cached.etag === mark.etag ? cached.known : new KnownGroups(mark.groups === 0);
  }

  /** Keeps what is known of a partition after its last transaction. */
  keep(partition: string, known: KnownGroups, mark: Mark): void {
    if (mark.etag === undefined || this.partitions.has(partition)) return;
    this.partitions.set(partition, { known, etag: mark.etag });
    this.bytes += known.bytes;
    this.evict();
  }

  private evict(): void {
    for (const [partition, { known }] of this.partitions) {
      if (this.bytes <= this.maxBytes) return;
      const others = this.bytes - known.bytes;
      known.shrink(this.maxBytes - others);
      this.bytes = others + known.bytes;
      if (this.bytes > this.maxBytes) this.partitions.delete(partition);
    }
  }
}

function sizeOf(groupKey: string, { value }: StoredGroup): number {
  return (groupKey.length + value.length) * 2 + ENTRY_OVERHEAD;
}
