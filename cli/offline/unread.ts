import { recordsIn } from '../../src/deadletters/message-parts';
import type { UnevaluatedRecord } from '../../src/engine';

/** Records of one input that shared a reason. */
export interface UnreadCount {
  readonly reason: string;
  /** Where only this rule failed on them. */
  readonly ruleId?: string;
  readonly count: number;
  /** Of the first of them: which message of the input it is in, from 0, and what was wrong. */
  readonly first: { readonly message: number; readonly detail: string };
}

const LONGEST_DETAIL = 200;

/** What could not be read or evaluated, by reason. */
export class UnreadTally {
  private readonly counts = new Map<string, UnreadCount>();

  /** @param firstMessage sequence number of the first message of the input */
  addLetters(letters: readonly UnevaluatedRecord[], firstMessage: number): void {
    for (const { reason, ruleId, detail, sequenceNumber, parts } of letters)
      this.add({
        reason,
        ...(ruleId === undefined ? {} : { ruleId }),
        count: parts ? recordsIn(parts) : 1,
        first: { message: sequenceNumber - firstMessage, detail: detail.slice(0, LONGEST_DETAIL) },
      });
  }

  add(more: UnreadCount): void {
    const key = JSON.stringify([more.ruleId, more.reason]);
    const known = this.counts.get(key);
    this.counts.set(key, known ? { ...known, count: known.count + more.count } : more);
  }

  list(): UnreadCount[] {
    return [...this.counts.values()];
  }
}

/** What to say of an input: a line on what could not be read, and one for each rule that failed on some of it. */
export function unreadLines(file: string, counts: readonly UnreadCount[]): string[] {
  const rules = new Set(counts.map(({ ruleId }) => ruleId));
  return [...rules]
    .sort((a, b) => (a ?? '').localeCompare(b ?? ''))
    .map((rule) => {
      const own = counts.filter(({ ruleId }) => ruleId === rule);
      const total = own.reduce((sum, { count }) => sum + count, 0);
      const reasons = [...own]
        .sort((a, b) => b.count - a.count || (a.reason < b.reason ? -1 : 1))
        .map(({ reason, count }) => `${count} ${reason}`);
      const { message, detail } = own.reduce((a, b) => (b.first.message < a.first.message ? b : a)).first;
      const what = rule === undefined ? 'could not be read' : `could not be evaluated for rule ${rule}`;
      return `${file}: ${total} ${total === 1 ? 'record' : 'records'} ${what}: ${reasons.join(', ')}; the first in message ${message + 1}: ${detail}`;
    });
}
