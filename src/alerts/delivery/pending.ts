import type { Outbox } from './windows';

/** What waits to be delivered to a sink. */
export interface PendingSink {
  readonly sink: string;
  /** Windows with something left to deliver. */
  readonly windows: number;
  /** When the first of them is due, ms since 1970. */
  readonly firstDue: number;
  /** The most failed tries in a row that any of these windows has had. */
  readonly failures: number;
}

/**
 * What waits for each sink, also for one that is no longer configured; looks at `limit` windows at most.
 *
 * @returns with `more` where there are further ones
 */
export async function readPending(
  { store, table }: Outbox,
  limit: number,
): Promise<{ readonly sinks: PendingSink[]; readonly more: boolean }> {
  const sinks = new Map<string, { windows: number; firstDue: number; failures: number }>();
  let seen = 0;
  const range = { partitionFrom: 'pending.', partitionTo: 'pending/', select: ['due', 'failures'] };
  for await (const page of store.query(table, range, Math.min(1000, limit))) {
    for (const { partitionKey, properties } of page) {
      const sink = partitionKey.slice('pending.'.length);
      const entry = sinks.get(sink) ?? { windows: 0, firstDue: Number.POSITIVE_INFINITY, failures: 0 };
      sinks.set(sink, entry);
      entry.windows++;
      entry.firstDue = Math.min(entry.firstDue, Number(properties.due));
      entry.failures = Math.max(entry.failures, Number(properties.failures));
    }
    seen += page.length;
    if (seen >= limit) break;
  }
  return { sinks: [...sinks].map(([sink, entry]) => ({ sink, ...entry })), more: seen >= limit };
}
