import { inParallel } from '../state/in-parallel';
import type { EntityRange, EntityStore } from '../state/store';

/** Ranges looked at one after the other; so many such lists at the same time. */
const RANGES = 64;
const PARALLEL = 16;
/** Where the first so many of a list all hold something, the rest is taken to do so: asking would cost more than it saves. */
const SAMPLE = 8;

type Range = Pick<EntityRange, 'partitionFrom' | 'partitionTo'>;

/**
 * Which of many ranges of partitions hold an entity, with far fewer requests than there are ranges: each answer names the next entity there is,
 * and rules out all ranges before it. Says yes too often, never too seldom.
 *
 * @returns by index
 */
export async function whichHold(store: EntityStore, table: string, ranges: readonly Range[]): Promise<boolean[]> {
  const held = ranges.map(() => false);
  const sorted = ranges.map((range, index) => ({ ...range, index }));
  sorted.sort((a, b) => (a.partitionFrom < b.partitionFrom ? -1 : a.partitionFrom > b.partitionFrom ? 1 : 0));
  const lists: (typeof sorted)[] = [];
  for (let i = 0; i < sorted.length; i += RANGES) lists.push(sorted.slice(i, i + RANGES));
  await inParallel(lists, PARALLEL, async (list) => {
    let partitionTo = '';
    for (const range of list) if (range.partitionTo > partitionTo) partitionTo = range.partitionTo;
    let asked = 0;
    let found = 0;
    for (let at = 0; at < list.length; ) {
      if (asked === SAMPLE && found >= at) {
        for (const range of list.slice(at)) held[range.index] = true;
        return;
      }
      const key = await firstPartition(store, table, { partitionFrom: list[at]!.partitionFrom, partitionTo });
      if (key === undefined) return;
      asked++;
      for (; at < list.length && list[at]!.partitionFrom <= key; at++) {
        if (key >= list[at]!.partitionTo) continue;
        held[list[at]!.index] = true;
        found++;
      }
    }
  });
  return held;
}

async function firstPartition(store: EntityStore, table: string, range: Range): Promise<string | undefined> {
  // No property of this name exists: the key is all that is wanted. A page can be empty and not be the last.
  for await (const page of store.query(table, { ...range, select: ['none'] }, 1))
    if (page[0]) return page[0].partitionKey;
  return undefined;
}
