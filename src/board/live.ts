import type { ServerResponse } from 'node:http';
import { liveEvent } from './live-event';
import type { NowView } from './types';

/** How often what changes is read while somebody looks, ms. */
const EVERY_MS = 1_500;
/** Pages that may look at once. */
const MOST_LISTENERS = 64;

/** Pushes what the stream is doing to every page that listens. One reading serves all; without listeners nothing is read. */
export class LiveFeed {
  private readonly listeners = new Set<ServerResponse>();
  private timer: NodeJS.Timeout | undefined;
  private last = '';

  constructor(private readonly read: () => Promise<NowView>) {}

  /** Takes over the response, whose headers are sent. Returns false where too many listen. */
  add(response: ServerResponse): boolean {
    if (this.listeners.size >= MOST_LISTENERS) return false;
    this.listeners.add(response);
    response.on('close', () => {
      this.listeners.delete(response);
      if (this.listeners.size === 0) this.pause();
    });
    if (this.last !== '') response.write(this.last);
    if (this.timer === undefined) void this.turn();
    return true;
  }

  stop(): void {
    this.pause();
    for (const response of this.listeners) response.end();
    this.listeners.clear();
  }

  private pause(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
    this.last = '';
  }

  private async turn(): Promise<void> {
    // The timer stands for the turn while it is read, so that no second one begins.
    this.timer = setTimeout(() => undefined, 0);
    const text = await liveEvent(this.read);
    if (this.listeners.size === 0) return this.pause();
    this.last = text;
    // Who reads slower than it comes gets the newest later, and no queue grows.
    for (const response of this.listeners) if (response.writableLength === 0) response.write(text);
    this.timer = setTimeout(() => void this.turn(), EVERY_MS);
  }
}
