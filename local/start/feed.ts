import { openProducer, sendMessages } from '../../src/host/hub-sender';

/** Most that may wait in the hub, unread, so that the emulator's retention cannot drop it (bytes). */
const MOST_UNREAD_BYTES = 16 * 1024 * 1024;

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
  { rate, processed, onSent, signal }: FeedOptions,
): Promise<number> {
  const producer = await openProducer({ connectionString, hub });
  try {
    return await sendMessages(producer, numbered(messages), {
      rate,
      onSent,
      signal,
      isFull: (sent, bytes) => ((sent - processed()) * bytes) / Math.max(1, sent) > MOST_UNREAD_BYTES,
      onTooLarge({ number, body }) {
        throw new Error(`message ${number} is too large for an event hub: ${body.length} bytes`);
      },
    });
  } finally {
    await producer.close();
  }
}

async function* numbered(messages: AsyncIterable<Buffer> | Iterable<Buffer>) {
  let number = 0;
  for await (const body of messages) yield { body, number: ++number };
}
