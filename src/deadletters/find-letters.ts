import { type EntityStore, partitionRange, type StoredEntity } from '../state/store';
import { type DeadLetter, type DeadLetterKeys, deadLetterKeys } from './record';

/** A letter's keys, and what is stored under them without its body. */
export interface FoundLetter {
  readonly keys: DeadLetterKeys;
  readonly entity: StoredEntity | undefined;
}

const SELECT = ['source', 'hubPartition', 'seq', 'rec', 'rule', 'enqueued', 'reason', 'detail', 'storedAt', 'length'];
const STANDS_FOR = ['whole', 'legs', 'tracked', 'parts', 'partOf', 'count', 'made', 'sid'];

/**
 * Looks up letters of one day before they are written: with two queries where they are of one partition, since their keys lie side by side.
 * A letter of the same record from before the incarnation was part of the key keeps its key.
 */
export async function findLetters(
  store: EntityStore,
  table: string,
  letters: readonly DeadLetter[],
): Promise<(letter: DeadLetter) => FoundLetter> {
  const keysOf = (letter: DeadLetter): DeadLetterKeys[] =>
    letter.incarnation === undefined
      ? [deadLetterKeys(letter)]
      : [deadLetterKeys(letter), deadLetterKeys({ ...letter, incarnation: undefined })];
  const ranges = new Map<string, { partitionKey: string; from: string; to: string }>();
  for (const { partitionKey, rowKey } of letters.flatMap(keysOf)) {
    const place = rowKey.split('.').slice(0, 2).join('.');
    const range = ranges.get(place);
    if (!range) ranges.set(place, { partitionKey, from: rowKey, to: rowKey });
    else if (rowKey < range.from) range.from = rowKey;
    else if (rowKey > range.to) range.to = rowKey;
  }
  const found = new Map<string, StoredEntity>();
  for (const { partitionKey, from, to } of ranges.values()) {
    const range = partitionRange(partitionKey, { rowFrom: from, rowTo: `${to} ` });
    for await (const page of store.query(table, { ...range, select: [...SELECT, ...STANDS_FOR] }))
      for (const entity of page) found.set(entity.rowKey, entity);
  }
  return (letter) => {
    const [own, older] = keysOf(letter) as [DeadLetterKeys, DeadLetterKeys | undefined];
    const before = older && found.get(older.rowKey);
    // Another hub of this name took it in at another time.
    if (before && !found.has(own.rowKey) && Number(before.properties.enqueued) === letter.enqueuedTime)
      return { keys: older, entity: before };
    return { keys: own, entity: found.get(own.rowKey) };
  };
}
