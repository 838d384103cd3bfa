import type { LogEvent, PartitionEnd, TableNames } from '../engine';
import { Attempts } from '../engine/attempts';
import { progressKey, readProgress } from '../engine/progress';
import type { EntityStore } from '../state/store';
import type { AppMetrics } from './metrics';

/** How long a partition that has something to be read may be where it is, ms. */
const STALLED_MS = 300_000;

export interface StallOptions {
  readonly store: EntityStore;
  readonly tables: Pick<TableNames, 'control'>;
  readonly metrics: Pick<AppMetrics, 'stalled'>;
  readonly log: (event: LogEvent) => void;
}

/**
 * Sees from the flush, another process than the one that may be in trouble, which partitions stand still: the hub holds more of them than was
 * evaluated, and for five minutes nothing of it was. Says so with every flush for as long as it lasts.
 */
export class Stalls {
  private readonly seen = new Map<string, { sequenceNumber: number; since: number }>();
  private readonly attempts: Attempts;

  constructor(private readonly options: StallOptions) {
    this.attempts = new Attempts(options.store, options.tables.control);
  }

  /** `now`: ms. Throws what the store throws. */
  async look(ends: readonly PartitionEnd[], now: number): Promise<void> {
    const { store, tables, metrics, log } = this.options;
    const [progress, attempts] = await Promise.all([readProgress(store, tables.control), this.attempts.readAll()]);
    let stalled = 0;
    for (const { source, lastSequenceNumber } of ends) {
      const key = progressKey(source);
      const read = progress.get(key)?.sequenceNumber ?? -1;
      const attempt = attempts.get(key);
      const isAtWork = attempt !== undefined && attempt.from > read && attempt.attempts > 0;
      const since = this.sinceWhen(key, read, read < lastSequenceNumber, now);
      // A note outlives the processes: what it says began before this one looked.
      const from = isAtWork && read < lastSequenceNumber ? Math.min(since, attempt.since) : since;
      if (now - from < STALLED_MS) continue;
      stalled++;
      const { hub, partition } = source;
      const seconds = Math.round((now - from) / 1000);
      log({
        ...{ level: 'error', message: 'partition stands still', hub, partition, after: read },
        ...{ waiting: lastSequenceNumber - Math.max(read, -1), seconds, attempts: attempt?.attempts ?? 0 },
      });
    }
    metrics.stalled(stalled);
  }

  /** Since when there has been something to be read and nothing was; `now` where neither is so. */
  private sinceWhen(key: string, sequenceNumber: number, isBehind: boolean, now: number): number {
    const known = this.seen.get(key);
    if (isBehind && known?.sequenceNumber === sequenceNumber) return Math.min(known.since, now);
    if (isBehind) this.seen.set(key, { sequenceNumber, since: now });
    else this.seen.delete(key);
    return now;
  }
}
