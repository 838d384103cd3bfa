import { randomUUID } from 'node:crypto';
import type { HubMessage, RejectedRecord } from '../events/types';
import type { EngineLeg } from './rules';
import type { BatchSource, UnevaluatedRecord } from './types';

/** One record of a message, with the legs that look at its table. */
export interface RecordAt {
  readonly message: HubMessage;
  readonly index: number;
  readonly table: string;
  readonly fields: Readonly<Record<string, unknown>>;
  readonly legs: readonly EngineLeg[];
}

interface Failure {
  readonly record: RecordAt;
  readonly ruleId: string;
  readonly reason: string;
  readonly detail: string;
  readonly failed: Set<EngineLeg>;
}

/** Collects the dead letters of a batch: one for each record, or one for each record and rule where only rules failed on it. */
export class LetterBox {
  private readonly letters: UnevaluatedRecord[] = [];
  private readonly failures = new Map<string, Failure>();

  constructor(private readonly source: BatchSource) {}

  /** A record that is no row. `ofMessage`: how many records its message has. */
  rejected(message: HubMessage, { index, reason, detail, raw }: RejectedRecord, ofMessage: number): void {
    const letter = this.letter(message, index, reason, detail, raw);
    this.letters.push(raw === message.body && ofMessage > 1 ? { ...letter, isWholeMessage: true } : letter);
  }

  /** A record that no rule counts, because of its time. */
  misplaced(record: RecordAt, reason: string, detail: string): void {
    this.letters.push(this.letter(record.message, record.index, reason, detail, recordText(record)));
  }

  /** A record that a leg could not count: one letter for each of its rules. */
  failed(record: RecordAt, leg: EngineLeg, reason: string, detail: string): void {
    for (const { plan } of leg.rules) {
      const key = `${record.message.sequenceNumber}.${record.index}.${plan.rule.id}`;
      const known = this.failures.get(key);
      if (known) known.failed.add(leg);
      else this.failures.set(key, { record, ruleId: plan.rule.id, reason, detail, failed: new Set([leg]) });
    }
  }

  list(): UnevaluatedRecord[] {
    return [...this.letters, ...[...this.failures.values()].map((failure) => this.failureLetter(failure))];
  }

  private failureLetter({ record, ruleId, reason, detail, failed }: Failure): UnevaluatedRecord {
    const own = record.legs.filter((leg) => leg.rules.some(({ plan }) => plan.rule.id === ruleId));
    return {
      ...this.letter(record.message, record.index, reason, detail, recordText(record)),
      ruleId,
      countedLegs: own.filter((leg) => !failed.has(leg)).map(({ runner }) => runner.leg.hash),
    };
  }

  private letter(
    { sequenceNumber, enqueuedTime }: HubMessage,
    record: number,
    reason: string,
    detail: string,
    body: Uint8Array | string,
  ): UnevaluatedRecord {
    return { source: this.source, sequenceNumber, record, enqueuedTime, reason, detail, body };
  }
}

/** A record as a table row in JSON that decodes to the same: its table first, whole numbers with all their digits. */
export function recordText({ table, fields }: Pick<RecordAt, 'table' | 'fields'>): string {
  let mark: string | undefined;
  const text = JSON.stringify({ Type: table, ...fields }, (_, value: unknown) => {
    if (typeof value !== 'bigint') return value;
    mark ??= `${randomUUID()}:`;
    return `${mark}${value}`;
  });
  return mark === undefined ? text : text.replace(new RegExp(`"${mark}(-?\\d+)"`, 'g'), '$1');
}
