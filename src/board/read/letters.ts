import type { DeadLetters } from '../../deadletters/dead-letters';
import type { DeadLetterSummary } from '../../deadletters/record';
import type { LetterCounts, LetterRow, LettersView, LetterView } from '../types';

/** Characters of a body that are shown; the whole is there to be downloaded. */
const MOST_SHOWN = 64 * 1024;
/** Bytes of a body that is no text. */
const MOST_BYTES = 4 * 1024;
/** Letters that are counted. */
const MOST_COUNTED = 20_000;

const toRow = (letter: DeadLetterSummary): LetterRow => ({
  id: letter.id,
  reason: letter.reason,
  detail: letter.detail,
  ...(letter.ruleId === undefined ? {} : { ruleId: letter.ruleId }),
  source: letter.source,
  partition: letter.partition,
  sequenceNumber: letter.sequenceNumber,
  record: letter.record,
  enqueuedTime: letter.enqueuedTime,
  length: letter.length,
  isWholeMessage: letter.isWholeMessage === true,
});

/** A page of letters, the oldest day first. Throws RangeError for an `after` that is no id. */
export async function readLetters(letters: DeadLetters, after: string | undefined, size: number): Promise<LettersView> {
  const { letters: found, next } = await letters.list({ pageSize: size, ...(after === undefined ? {} : { after }) });
  return { letters: found.map(toRow), ...(next === undefined ? {} : { next }) };
}

/** Letters by reason and rule, the most first. */
export async function countLetters(letters: DeadLetters): Promise<LetterCounts & { readonly total: number }> {
  const counts = new Map<string, { reason: string; ruleId: string; count: number }>();
  let after: string | undefined;
  let total = 0;
  do {
    const page = await letters.list({ pageSize: 1_000, ...(after === undefined ? {} : { after }) });
    for (const { reason, ruleId = '' } of page.letters) {
      const key = `${reason} ${ruleId}`;
      const known = counts.get(key) ?? { reason, ruleId, count: 0 };
      known.count++;
      counts.set(key, known);
    }
    total += page.letters.length;
    after = page.next;
  } while (after !== undefined && total < MOST_COUNTED);
  return { counts: [...counts.values()].sort((a, b) => b.count - a.count), more: after !== undefined, total };
}

/** A letter to be read. undefined: there is none of this id (any more). */
export async function readLetter(letters: DeadLetters, id: string): Promise<LetterView | undefined> {
  const letter = await letters.get(id);
  if (!letter) return undefined;
  const { body, storedAt } = letter;
  const isBinary = typeof body !== 'string';
  const text = isBinary ? Buffer.from(body).subarray(0, MOST_BYTES).toString('hex') : body.slice(0, MOST_SHOWN);
  const isCut = isBinary ? body.length > MOST_BYTES : body.length > MOST_SHOWN;
  return { ...toRow(letter), storedAt, body: text, isBinary, isCut };
}

/** The record byte for byte. */
export async function letterBytes(letters: DeadLetters, id: string): Promise<Uint8Array | undefined> {
  const body = (await letters.get(id))?.body;
  return typeof body === 'string' ? Buffer.from(body, 'utf8') : body;
}
