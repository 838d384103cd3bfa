import type { RulePlan } from '../../plan/rule-plan';
import { MARK_ROW, paneRange, parseStatePartitionKey } from '../../state/keys';
import { toMark } from '../../state/mark';
import type { EntityRange, StoredEntity } from '../../state/store';
import type { BoardStorage } from '../source';
import type { Held, MarksView } from '../types';

export type Pane = MarksView['panes'][number];

/** State partitions of one rule that are looked at. */
const MOST_PARTITIONS = 400;
/** Panes shown. */
const MOST_PANES = 48;
const FIRST = Date.parse('0001-01-01T00:00:00.000Z');
const LAST = Date.parse('9999-12-30T00:00:00.000Z');

/**
 * What a rule holds, pane by pane, from the marks of its state alone: the work grows with state partitions, not with groups.
 *
 * @param since panes before this (ms) are left out; absent: all that are kept
 */
export async function readMarks(
  { store, tables }: BoardStorage,
  { rule, stream }: Pick<RulePlan, 'rule' | 'stream'>,
  since?: number,
): Promise<MarksView> {
  const panes = new Map<number, Held>();
  let left = MOST_PARTITIONS;
  let more = false;
  for (const hash of new Set(stream.legs.map((leg) => leg.hash))) {
    const { partitionFrom, partitionTo } = paneRange(hash, since ?? FIRST, LAST);
    // A partition's mark is its first row: from there to the next partition is one step, however many groups lie between.
    for (let from = partitionFrom; ; ) {
      if (left-- <= 0) {
        more = true;
        break;
      }
      const mark = await firstOf(store.query(tables.state, markRange(from, partitionTo), 1));
      if (!mark) break;
      const { paneStart } = parseStatePartitionKey(mark.partitionKey);
      panes.set(paneStart, added(panes.get(paneStart) ?? NOTHING, toMark(mark)));
      from = `${mark.partitionKey} `;
    }
  }
  const sorted = [...panes].sort(([a], [b]) => a - b).map(([start, held]) => ({ start, ...held }));
  return { ruleId: rule.id, paneMs: stream.paneMs, panes: sorted.slice(-MOST_PANES), more };
}

/**
 * What all rules hold, by the hash of the leg, at most `most` state partitions of it: for a replay, whose state is small and whose windows
 * are where the events are.
 */
export async function readAllMarks(
  { store, tables }: BoardStorage,
  most: number,
): Promise<{ readonly byLeg: ReadonlyMap<string, readonly Pane[]>; readonly more: boolean }> {
  const byLeg = new Map<string, Pane[]>();
  let from = '0';
  for (let seen = 0; seen < most; seen++) {
    const mark = await firstOf(store.query(tables.state, markRange(from, '~'), 1));
    if (!mark) return { byLeg, more: false };
    const { stateHash, paneStart } = parseStatePartitionKey(mark.partitionKey);
    byLeg.set(stateHash, [...(byLeg.get(stateHash) ?? []), { start: paneStart, ...added(NOTHING, toMark(mark)) }]);
    from = `${mark.partitionKey} `;
  }
  return { byLeg, more: true };
}

const NOTHING: Held = { groups: 0, rows: 0, matches: 0 };

const added = (sum: Held, { groups, rows, matches }: Held): Held => ({
  groups: sum.groups + groups,
  rows: sum.rows + rows,
  matches: sum.matches + matches,
});

/** What is held in [from, to). */
export function heldWithin({ panes }: Pick<MarksView, 'panes'>, from: number, to: number): Held {
  return panes.filter(({ start }) => start >= from && start < to).reduce(added, NOTHING);
}

const markRange = (partitionFrom: string, partitionTo: string): EntityRange => ({
  partitionFrom,
  partitionTo,
  rowTo: `${MARK_ROW}!`,
});

async function firstOf(pages: AsyncIterable<readonly StoredEntity[]>): Promise<StoredEntity | undefined> {
  // A page can be empty and not be the last.
  for await (const page of pages) if (page[0]) return page[0];
  return undefined;
}
