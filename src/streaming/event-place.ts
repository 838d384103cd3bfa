import { TICKS_PER_MS, UNIX_EPOCH_TICKS } from '../kql';
import { contentHash, placeText } from './canonical-order';
import type { Fields } from './source-row';

/** One event, as legs read it. */
export interface SourceEvent {
  readonly table: string;
  readonly fields: Fields;
  /** Enqueued time, ticks. */
  readonly ingestion: bigint;
  /** Tells events of equal content apart: source, partition, position. */
  readonly origin: string;
}

/** A time as a number that panes are cut by. */
export interface Instant {
  /** Milliseconds since 1970, cut off towards the past. */
  readonly ms: number;
  /** Whether nothing was cut off. */
  readonly isWhole: boolean;
}

// An event is looked at by one leg after another: what they all ask for is worked out once.
let lastTicks: bigint | undefined;
let lastInstant: Instant;
let lastEvent: SourceEvent | undefined;
let lastStamp: bigint | undefined;
let lastPlace = '';

/** @param ticks of 100 ns since the year 1 */
export function instantOf(ticks: bigint): Instant {
  if (ticks !== lastTicks) {
    const since = ticks - UNIX_EPOCH_TICKS;
    const rest = since % TICKS_PER_MS;
    const ms = Number((since - rest) / TICKS_PER_MS);
    lastTicks = ticks;
    lastInstant = { ms: rest < 0n ? ms - 1 : ms, isWhole: rest === 0n };
  }
  return lastInstant;
}

/** The event's place in canonical order. `stamp`: its TimeGenerated, ticks. */
export function placeOf(event: SourceEvent, stamp: bigint): string {
  if (event !== lastEvent || stamp !== lastStamp) {
    lastPlace = placeText(stamp, contentHash(event.fields), event.origin);
    lastEvent = event;
    lastStamp = stamp;
  }
  return lastPlace;
}
