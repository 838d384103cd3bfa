import { bodyOf } from './amqp-message';
import type { Hub } from './hub';

export interface SampleBounds {
  /** Events that were enqueued at this time or later, ms since 1970. */
  readonly since: number;
  readonly messages: number;
  readonly bytes: number;
}

/**
 * The bodies of what a hub has taken in of late, whoever sent it, in the order of their enqueued times; the oldest are left out where it is more than
 * `bounds` allow. Nothing is kept for it: these are the events that the partitions retain anyway.
 */
export function sampleOf(hub: Hub, { since, messages, bytes }: SampleBounds): Uint8Array[] {
  const newest: { readonly at: number; readonly body: Uint8Array }[] = [];
  const cursors = hub.partitions.map(({ log }) => ({
    log,
    next: log.nextSequenceNumber - 1,
    first: log.resolve({ kind: 'enqueuedTime', value: since, inclusive: true }),
  }));
  let size = 0;
  for (;;) {
    let latest: { readonly at: number; readonly cursor: (typeof cursors)[number] } | undefined;
    for (const cursor of cursors) {
      if (cursor.next < cursor.first) continue;
      const at = cursor.log.at(cursor.next)!.enqueuedTime;
      if (latest === undefined || at > latest.at) latest = { at, cursor };
    }
    if (!latest) break;
    const body = bodyOf(latest.cursor.log.at(latest.cursor.next)!.bytes);
    latest.cursor.next--;
    // An event of another kind than bytes and text holds nothing that could be evaluated.
    if (!body) continue;
    size += body.length;
    if (newest.length >= messages || size > bytes) break;
    newest.push({ at: latest.at, body });
  }
  return newest.reverse().map(({ body }) => body);
}
