import type { StoredLetter } from '../deadletters/dead-letters';
import { describeParts, type MessagePart, type MessageParts, mainReason } from '../deadletters/message-parts';
import type { DeadLetter as LetterToWrite } from '../deadletters/record';
import type { Decoded, DecodedRecord, RejectedRecord } from '../events/types';
import type { Resent } from './resent';

/** Records of a dead letter that are evaluated together: all of them, or none. */
export interface Share {
  readonly records: readonly DecodedRecord[];
  readonly rejected: readonly RejectedRecord[];
  /** Added to the name of the letter's source: shares have marks of their own, since their records interleave. */
  readonly name: string;
  readonly countedLegs: readonly string[];
  /** Whether a record of the body is one of them; absent: all are. */
  readonly only?: (index: number) => boolean;
  /** The letter stands for them no more. */
  done(): Promise<void>;
}

export type SharedLetter = StoredLetter & { readonly parts: MessageParts };

/**
 * Tries a letter of many records again, part by part: only the records that it stands for, since all others of the message have been
 * counted. A part that could be evaluated is taken out of the letter before the next is tried; the letter goes with the last.
 */
export async function resendParts(
  letter: SharedLetter,
  { records, rejected }: Decoded,
  store: { replace(id: string, letter: LetterToWrite): Promise<void>; delete(id: string): Promise<void> },
  resend: (share: Share) => Promise<Resent>,
): Promise<Resent> {
  const { total } = letter.parts;
  if (records.length + rejected.length !== total)
    return {
      ...{ outcome: 'refused', matches: 0, corrects: false },
      detail: `the message is now read as ${records.length + rejected.length} records instead of ${total}: which were counted is not known any more. Send its records by themselves`,
    };
  let left = letter.parts.parts;
  const results: { part: MessagePart; resent: Resent }[] = [];
  for (const part of letter.parts.parts) {
    const own = new Set(part.records);
    const only = (index: number): boolean => own.has(index);
    const resent = await resend({
      records: records.filter(({ index }) => only(index)),
      rejected: rejected.filter(({ index }) => only(index)),
      name: nameOf(part),
      countedLegs: part.countedLegs ?? [],
      only,
      async done() {
        left = left.filter((other) => other !== part);
        if (left.length === 0) await store.delete(letter.id);
        else await store.replace(letter.id, without(letter, { total, parts: left }));
      },
    });
    results.push({ part, resent });
  }
  return together(results);
}

/** What is left of a letter. */
function without(
  { id: _id, recordCount: _count, length: _length, ...letter }: SharedLetter,
  parts: MessageParts,
): LetterToWrite {
  return {
    ...letter,
    parts,
    reason: mainReason(parts.parts) as LetterToWrite['reason'],
    detail: describeParts(parts),
    storedAt: Date.now(),
  };
}

const nameOf = ({ reason, countedLegs }: MessagePart): string => `~${[reason, ...(countedLegs ?? [])].join('~')}`;

const IS_GONE: readonly Resent['outcome'][] = ['counted', 'counted-before', 'no-match', 'partly'];

function together(results: readonly { part: MessagePart; resent: Resent }[]): Resent {
  const outcomes = [...new Set(results.map(({ resent }) => resent.outcome))];
  const gone = outcomes.filter((outcome) => IS_GONE.includes(outcome));
  const details = results.flatMap(({ part, resent }) =>
    resent.detail === undefined ? [] : [`${part.records.length} records (${part.reason}): ${resent.detail}`],
  );
  const uncorrected = [...new Set(results.flatMap(({ resent }) => resent.uncorrected ?? []))].sort();
  const isAll = gone.length === outcomes.length;
  return {
    outcome:
      gone.length > 0 && !isAll
        ? 'partly'
        : (['partly', 'counted', 'counted-before', 'no-match', 'failed', 'refused'] as const).find((outcome) =>
            outcomes.includes(outcome),
          )!,
    matches: results.reduce((sum, { resent }) => sum + resent.matches, 0),
    corrects: results.some(({ resent }) => resent.corrects),
    ...(uncorrected.length > 0 ? { uncorrected } : {}),
    ...(details.length > 0 ? { detail: details.join('; ') } : {}),
  };
}
