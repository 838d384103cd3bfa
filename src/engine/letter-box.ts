import { randomUUID } from 'node:crypto';
import { describeParts, type MessagePart, mainReason } from '../deadletters/message-parts';
import type { HubMessage, RejectedRecord } from '../events/types';
import type { EngineLeg } from './rules';
import type { BatchSource, UnevaluatedRecord } from './types';

/** Letters that one message may lead to; of more there is one for the whole message, and one for each rule that failed on it. */
const MOST_LETTERS = 20;
/** Different sets of legs that counted records of a message: more than any rule has are letters of their own. */
const MOST_PARTS = 200;

/** One record of a message, with the legs that look at its table. */
export interface RecordAt {
  readonly message: HubMessage;
  /** Records of the message, good and bad. */
  readonly ofMessage: number;
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
  /** Its letter was written before all others, when so many legs had failed: it stays one of its own. -1: its other legs were not known yet. */
  writtenOf?: number;
}

/** A letter to be; its body is made when it is written. */
interface Draft {
  readonly message: HubMessage;
  readonly ofMessage: number;
  readonly record: number;
  readonly ruleId?: string;
  readonly countedLegs?: readonly string[];
  readonly trackedLegs?: readonly string[];
  readonly reason: string;
  readonly detail: string;
  readonly isAlone?: boolean;
  readonly body: () => Uint8Array | string;
}

/** Collects what of a batch goes to dead letters: one a record, or one a record and rule; of a message with many, one for all. */
export class LetterBox {
  private readonly drafts: Draft[] = [];
  private readonly failures = new Map<string, Failure>();
  /** Letters that `alone` has given. */
  alreadyWritten = 0;

  constructor(private readonly source: BatchSource) {}

  /** Records and failures so far. */
  get size(): number {
    return this.drafts.length + this.failures.size;
  }

  /** A record that is no row. `ofMessage`: records in its message. */
  rejected(message: HubMessage, { index, reason, detail, raw }: RejectedRecord, ofMessage: number): void {
    this.drafts.push({ message, ofMessage, record: index, reason, detail, body: () => raw });
  }

  /** A message that is not read: it has ended the process before. `isCounted`: rows of it may have been counted. */
  poison(message: HubMessage, isCounted: boolean): void {
    const detail = `the process ended or hung whenever this message was ${isCounted ? 'evaluated; some of it may have been counted' : 'read; nothing of it was counted'}`;
    const ofMessage = isCounted ? 2 : 1;
    this.drafts.push({ message, ofMessage, record: 0, reason: 'poison', detail, body: () => message.body });
  }

  /** A record that is counted by the legs of `record` alone, because of its time. */
  misplaced(record: RecordAt, reason: string, detail: string): void {
    const { message, ofMessage, index } = record;
    const counted = record.legs.map(({ runner }) => runner.leg.hash);
    this.drafts.push({
      ...{ message, ofMessage, record: index, reason, detail, body: () => bodyOf(record) },
      ...(counted.length > 0 ? { countedLegs: counted } : {}),
    });
  }

  /** A record that a leg could not count: one letter for each of its rules, or for those of the ids in `only`. */
  failed(record: RecordAt, leg: EngineLeg, reason: string, detail: string, only?: ReadonlySet<string>): void {
    for (const { plan } of leg.rules) {
      if (only?.has(plan.rule.id) === false) continue;
      const key = keyOf(record, plan.rule.id);
      const known = this.failures.get(key);
      if (known) known.failed.add(leg);
      else this.failures.set(key, { record, ruleId: plan.rule.id, reason, detail, failed: new Set([leg]) });
    }
  }

  /** The letters of a record that a leg could not count, as far as they are known, to be written before what follows the record is counted. */
  alone(record: RecordAt, leg: EngineLeg): UnevaluatedRecord[] {
    return leg.rules.flatMap(({ plan }) => {
      const failure = this.failures.get(keyOf(record, plan.rule.id));
      if (!failure) return [];
      // What other legs come to is not known yet.
      if (legsOf(failure).length > 1) {
        failure.writtenOf = -1;
        return [{ ...this.letter({ ...draftOf(failure), countedLegs: [] }), isProvisional: true }];
      }
      if (failure.writtenOf === undefined) this.alreadyWritten++;
      failure.writtenOf = failure.failed.size;
      return [this.letter(draftOf(failure))];
    });
  }

  /** The letters that are still to be written. `most`: letters that one message may lead to. */
  list(most = MOST_LETTERS): UnevaluatedRecord[] {
    const byMessage = new Map<HubMessage, Draft[]>();
    const failures = [...this.failures.values()].filter(({ writtenOf, failed }) => writtenOf !== failed.size);
    for (const draft of [...this.drafts, ...failures.map(draftOf)]) {
      const drafts = byMessage.get(draft.message);
      if (drafts) drafts.push(draft);
      else byMessage.set(draft.message, [draft]);
    }
    return [...byMessage.values()].flatMap((drafts) => {
      if (drafts.length <= most) return drafts.map((draft) => this.letter(draft));
      const alone = drafts.filter(({ isAlone }) => isAlone);
      return [...alone.map((draft) => this.letter(draft)), ...this.together(drafts.filter(({ isAlone }) => !isAlone))];
    });
  }

  /** One letter for the records that no rule counted, and one for each rule that failed. */
  private together(drafts: readonly Draft[]): UnevaluatedRecord[] {
    const byRule = new Map<string | undefined, Draft[]>();
    for (const draft of drafts) {
      const own = byRule.get(draft.ruleId);
      if (own) own.push(draft);
      else byRule.set(draft.ruleId, [draft]);
    }
    return [...byRule.values()].flatMap((own) => {
      const parts = partsOf(own);
      if (own.length === 1 || parts.length > MOST_PARTS) return own.map((draft) => this.letter(draft));
      const [first] = own;
      const { message, ofMessage: total, record, detail } = first!;
      const whole = {
        ...first!,
        record: 0,
        countedLegs: undefined,
        trackedLegs: [...new Set(own.flatMap(({ trackedLegs = [] }) => trackedLegs))],
        reason: mainReason(parts),
        detail: `${describeParts({ total, parts })}; record ${record}: ${detail}`,
        body: () => message.body,
      };
      return [{ ...this.letter(whole), isWholeMessage: true, parts: { total, parts } }];
    });
  }

  private letter(draft: Draft): UnevaluatedRecord {
    const { message, ofMessage, record, ruleId, countedLegs, trackedLegs, reason, detail, body } = draft;
    const { sequenceNumber, enqueuedTime } = message;
    const content = body();
    return {
      ...{ source: this.source, sequenceNumber, record, enqueuedTime, reason, detail, body: content },
      ...(ruleId === undefined ? {} : { ruleId }),
      ...(countedLegs === undefined ? {} : { countedLegs }),
      ...(trackedLegs === undefined ? {} : { trackedLegs }),
      ...(content === message.body && ofMessage > 1 ? { isWholeMessage: true } : {}),
    };
  }
}

const keyOf = ({ message, index }: RecordAt, ruleId: string): string => `${message.sequenceNumber}.${index}.${ruleId}`;

const legsOf = ({ record, ruleId }: Failure): EngineLeg[] =>
  record.legs.filter((leg) => leg.rules.some(({ plan }) => plan.rule.id === ruleId));

function draftOf(failure: Failure): Draft {
  const { record, ruleId, reason, detail, failed, writtenOf } = failure;
  const { message, ofMessage, index } = record;
  const own = legsOf(failure);
  return {
    ...{ message, ofMessage, record: index, ruleId, reason, detail, body: () => bodyOf(record) },
    countedLegs: own.filter((leg) => !failed.has(leg)).map(({ runner }) => runner.leg.hash),
    trackedLegs: own.map(({ runner }) => runner.leg.hash),
    ...(writtenOf === undefined ? {} : { isAlone: true }),
  };
}

/** By reason and counted legs. */
function partsOf(drafts: readonly Draft[]): MessagePart[] {
  const parts = new Map<string, { reason: string; countedLegs?: readonly string[]; records: number[] }>();
  for (const { reason, countedLegs, record } of drafts) {
    const key = `${reason} ${countedLegs?.join() ?? ''}`;
    const known = parts.get(key);
    if (known) known.records.push(record);
    else parts.set(key, { reason, ...(countedLegs?.length ? { countedLegs } : {}), records: [record] });
  }
  return [...parts.values()].map((part) => ({ ...part, records: part.records.sort((a, b) => a - b) }));
}

/** The text of a record; its message where that cannot be made, as of one that is too long in JSON. */
function bodyOf(record: RecordAt): string | Uint8Array {
  try {
    return recordText(record);
  } catch {
    return record.message.body;
  }
}

/** A record as a table row in JSON that decodes to the same: its table first, whole numbers with all their digits. */
function recordText({ table, fields }: Pick<RecordAt, 'table' | 'fields'>): string {
  let mark: string | undefined;
  const text = JSON.stringify({ Type: table, ...fields }, (_, value: unknown) => {
    if (typeof value !== 'bigint') return value;
    mark ??= `${randomUUID()}:`;
    return `${mark}${value}`;
  });
  return mark === undefined ? text : text.replace(new RegExp(`"${mark}(-?\\d+)"`, 'g'), '$1');
}
