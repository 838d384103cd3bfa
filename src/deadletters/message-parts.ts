/** Records of one message that share a reason, and with a rule the legs of it that have counted them. */
export interface MessagePart {
  readonly reason: string;
  readonly countedLegs?: readonly string[];
  /** Indexes, ascending. */
  readonly records: readonly number[];
}

/** What a dead letter of a whole message stands for: some of its records, in parts. No record is in two of them. */
export interface MessageParts {
  /** Records of the message, good and bad: where another decoder finds another number, the indexes say nothing. */
  readonly total: number;
  /** At most 250. */
  readonly parts: readonly MessagePart[];
}

/** Records that the parts hold. */
export const recordsIn = ({ parts }: Pick<MessageParts, 'parts'>): number =>
  parts.reduce((sum, { records }) => sum + records.length, 0);

/** `1500 of 1500 records of this message: 1400 too-late, 100 no-time`. */
export function describeParts({ total, parts }: MessageParts): string {
  const texts = byReason(parts).map(([reason, count]) => `${count} ${reason}`);
  return `${recordsIn({ parts })} of ${total} records of this message: ${texts.join(', ')}`;
}

/** The reason of most records. */
export const mainReason = (parts: readonly MessagePart[]): string => byReason(parts)[0]![0];

/** Records by reason, most first. */
export function byReason(parts: readonly MessagePart[]): [reason: string, count: number][] {
  const counts = new Map<string, number>();
  for (const { reason, records } of parts) counts.set(reason, (counts.get(reason) ?? 0) + records.length);
  return [...counts].sort(([, a], [, b]) => b - a);
}
