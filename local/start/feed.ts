import { EventHubProducerClient } from '@azure/event-hubs';

/** Most that may wait in the hub, unread, so that the emulator's retention cannot drop it (bytes). */
export const MOST_UNREAD_BYTES = 16 * 1024 * 1024;

export interface FeedOptions {
  /** Messages a second; absent: as fast as they are read. */
  rate?: number;
  /** How many messages the functions have dealt with so far. */
  processed: () => number;
  onSent: (messages: number) => void;
  signal: AbortSignal;
}

/**
 * Sends message bodies to a hub and returns how many. It keeps the rate, and waits while too much is unread. Throws an
 * Error for a message that is larger than a hub takes (1 MB).
 */
export async function feed(
  connectionString: string,
  hub: string,
  messages: AsyncIterable<Buffer> | Iterable<Buffer>,
  options: FeedOptions,
): Promise<number> {
  const producer = new EventHubProducerClient(connectionString, hub);
  const started = Date.now();
  let sent = 0;
  let bytes = 0;
  let batch = await producer.createBatch();
  const flush = async (): Promise<void> => {
    if (batch.count === 0) return;
    await producer.sendBatch(batch);
    sent += batch.count;
    options.onSent(sent);
    batch = await producer.createBatch();
    await waitForReaders();
  };
  const waitForReaders = async (): Promise<void> => {
    const average = bytes / Math.max(1, sent);
    while ((sent - options.processed()) * average > MOST_UNREAD_BYTES && !options.signal.aborted) await pause(20);
    if (options.rate === undefined) return;
    while (sent > (options.rate * (Date.now() - started)) / 1000 && !options.signal.aborted) await pause(20);
  };
  try {
    // Small batches at a low rate, so that it is a rate and not a burst a second.
    const largest = Math.min(500, Math.max(1, Math.ceil((options.rate ?? 5000) / 10)));
    for await (const body of messages) {
      if (options.signal.aborted) break;
      bytes += body.length;
      if (batch.count < largest && batch.tryAdd({ body })) continue;
      await flush();
      if (!batch.tryAdd({ body }))
        throw new Error(`message ${sent + 1} is too large for an event hub: ${body.length} bytes`);
    }
    await flush();
  } finally {
    await producer.close();
  }
  return sent;
}

function pause(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}
