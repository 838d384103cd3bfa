import { describeParts, type MessagePart, type MessageParts, recordsIn } from './message-parts';
import type { DeadLetter } from './record';

const MOST_PARTS = 250;

/** What a stored letter stands for. */
export type KnownLetter = Pick<
  DeadLetter,
  'record' | 'reason' | 'countedLegs' | 'trackedLegs' | 'isWholeMessage' | 'parts'
>;

interface United {
  readonly countedLegs?: readonly string[];
  readonly trackedLegs?: readonly string[] | undefined;
  readonly parts?: MessageParts;
  readonly detail?: string;
  /** The stored body is that of the message and must stay. */
  readonly keepsBody?: boolean;
}

/** What a letter stands for when it is written where another is: the legs and the records of both. */
export function unite(letter: DeadLetter, known: KnownLetter | undefined): United {
  if (!known) return {};
  // Versions that track no legs pass places by without holding them.
  const trackedLegs = known.trackedLegs && letter.trackedLegs && union(letter.trackedLegs, known.trackedLegs);
  return { trackedLegs, ...uniteLegs(letter, known) };
}

function uniteLegs(letter: DeadLetter, known: KnownLetter): United {
  if (!letter.parts && !known.parts) return { countedLegs: union(letter.countedLegs, known.countedLegs) };
  const total = (letter.parts ?? known.parts!).total;
  const own = partsOf(letter, total);
  const others = partsOf(known, total);
  // Read as another number of records the indexes of the other say nothing.
  if (!own || !others) return {};
  const parts = uniteParts(own, others);
  // More than a letter can hold: no rule has so many different sets of legs.
  if (parts.parts.length > MOST_PARTS) return {};
  const isMore = recordsIn(parts) > recordsIn(own);
  return { parts, ...(isMore ? { detail: describeParts(parts) } : {}), ...(letter.parts ? {} : { keepsBody: true }) };
}

/** A letter of one record as the part that it is. undefined: it does not say which records it stands for. */
function partsOf({ parts, record, reason, countedLegs, isWholeMessage }: KnownLetter, total: number) {
  if (parts) return parts.total === total ? parts : undefined;
  if (isWholeMessage) return undefined;
  return { total, parts: [{ reason, records: [record], ...(countedLegs?.length ? { countedLegs } : {}) }] };
}

function uniteParts(own: MessageParts, others: MessageParts): MessageParts {
  const records = new Map<number, { reason: string; legs: readonly string[] }>();
  for (const { parts } of [others, own])
    for (const { reason, countedLegs, records: indexes } of parts)
      for (const index of indexes)
        records.set(index, { reason, legs: union(records.get(index)?.legs, countedLegs) ?? [] });
  const parts = new Map<string, MessagePart & { records: number[] }>();
  for (const [index, { reason, legs }] of [...records].sort(([a], [b]) => a - b)) {
    const key = `${reason} ${legs.join()}`;
    const part = parts.get(key);
    if (part) part.records.push(index);
    else parts.set(key, { reason, ...(legs.length > 0 ? { countedLegs: legs } : {}), records: [index] });
  }
  return { total: own.total, parts: [...parts.values()] };
}

function union(a: readonly string[] | undefined, b: readonly string[] | undefined): readonly string[] | undefined {
  if (!a?.length) return b;
  if (!b?.length) return a;
  return [...new Set([...a, ...b])].sort();
}
