import type { NowView } from './types';

export const LIVE_HEADERS: Readonly<Record<string, string>> = {
  'Content-Type': 'text/event-stream',
  'Cache-Control': 'no-store',
};

/** What the stream is doing, as a server-sent event; `trouble` where it cannot be read. Does not reject. */
export async function liveEvent(read: () => Promise<NowView>): Promise<string> {
  try {
    // JSON has no line break outside its escapes, so it is one line of data.
    return `event: now\ndata: ${JSON.stringify(await read())}\n\n`;
  } catch {
    return 'event: trouble\ndata: {}\n\n';
  }
}
