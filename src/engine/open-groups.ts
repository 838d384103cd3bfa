import type { RulePlan } from '../plan/rule-plan';
import { MARK_ROW, paneRange } from '../state/keys';
import { toMark } from '../state/mark';
import type { EngineOptions } from './types';

export interface OpenGroups {
  /** Groups and kept rows in the panes that windows still read. */
  readonly groups: number;
  readonly rows: number;
  /** Rows that were counted into them. */
  readonly matches: number;
  /** The limit of partitions was reached: there may be more. */
  readonly more: boolean;
}

/**
 * Counts what is held for windows that have not run yet. Reads marks alone, skipping from the first row of a state partition to the first row
 * of the next: the work grows with the partitions (at most `most`), not with groups.
 */
export async function countOpenGroups(
  { store, tables }: Pick<EngineOptions, 'store' | 'tables'>,
  plans: readonly Pick<RulePlan, 'stream' | 'schedule'>[],
  now: number,
  most: number,
): Promise<OpenGroups> {
  const periods = new Map<string, number>();
  for (const { stream, schedule } of plans)
    for (const { hash } of stream.legs) periods.set(hash, Math.max(schedule.periodMs, periods.get(hash) ?? 0));
  const total = { groups: 0, rows: 0, matches: 0 };
  let left = most;
  for (const [hash, period] of periods) {
    const { partitionFrom, partitionTo } = paneRange(hash, now - period, now + period);
    for (let from = partitionFrom; ; ) {
      if (left-- <= 0) return { ...total, more: true };
      const range = { partitionFrom: from, partitionTo, rowTo: `${MARK_ROW}!` };
      const [mark] = await firstOf(store.query(tables.state, range, 1));
      if (!mark) break;
      const { groups, rows, matches } = toMark(mark);
      total.groups += groups;
      total.rows += rows;
      total.matches += matches;
      from = `${mark.partitionKey} `;
    }
  }
  return { ...total, more: false };
}

async function firstOf<T>(pages: AsyncIterable<readonly T[]>): Promise<readonly T[]> {
  // An empty page need not be the last.
  for await (const page of pages) if (page.length > 0) return page;
  return [];
}
