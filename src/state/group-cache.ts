import type { StoredGroup } from './groups';
import type { Mark } from './mark';

/** Groups of a partition as of one state of its mark. */
export interface KnownGroups {
  /** The longest untouched first. */
  readonly groups: Map<string, StoredGroup>;
  /** Whether a group that is not among them does not exist. */
  readonly complete: boolean;
}

interface Cached extends KnownGroups {
  readonly etag: string;
  bytes: number;
  complete: boolean;
}

const ENTRY_OVERHEAD = 200;

/**
 * Spares a process the reading of groups that it wrote itself. Nothing depends on it: every write to the groups of a
 * partition gives its mark a new ETag, so what is kept with the ETag that the mark still has is what the store holds, and
 * anything else is dropped.
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
      this.bytes -= cached.bytes;
    }
    if (cached && cached.etag === mark.etag) return cached;
    return { groups: new Map(), complete: mark.groups === 0 };
  }

  /** Keeps what is known of a partition after its last transaction. */
  keep(partition: string, { groups, complete }: KnownGroups, mark: Mark): void {
    if (mark.etag === undefined || this.partitions.has(partition)) return;
    let bytes = 0;
    for (const [groupKey, group] of groups) bytes += sizeOf(groupKey, group);
    this.partitions.set(partition, { groups, complete, etag: mark.etag, bytes });
    this.bytes += bytes;
    this.evict();
  }

  private evict(): void {
    for (const [partition, cached] of this.partitions) {
      for (const [groupKey, group] of cached.groups) {
        if (this.bytes <= this.maxBytes) return;
        const size = sizeOf(groupKey, group);
        cached.groups.delete(groupKey);
        cached.complete = false;
        cached.bytes -= size;
        this.bytes -= size;
      }
      if (this.bytes > this.maxBytes) this.partitions.delete(partition);
    }
  }
}

function sizeOf(groupKey: string, { value }: StoredGroup): number {
  return (groupKey.length + value.length) * 2 + ENTRY_OVERHEAD;
}
