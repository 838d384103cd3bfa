/** Messages of a partition that were never evaluated: their first and last sequence number. */
export interface Gap {
  readonly from: number;
  readonly to: number;
}

/**
 * What is missing between messages of one partition, whose sequence numbers are contiguous in the hub.
 *
 * @param done the last sequence number evaluated before; absent: nothing is known, and nothing before the first message is missing
 * @param sequenceNumbers ascending; those up to `done` are delivered again
 */
export function gapsAfter(done: number | undefined, sequenceNumbers: readonly number[]): Gap[] {
  const gaps: Gap[] = [];
  let last = done;
  for (const sequenceNumber of sequenceNumbers) {
    if (last !== undefined && sequenceNumber > last + 1) gaps.push({ from: last + 1, to: sequenceNumber - 1 });
    last = Math.max(last ?? sequenceNumber, sequenceNumber);
  }
  return gaps;
}
