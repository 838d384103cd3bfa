import { type EngineRule, prepareRules } from '../../engine/rules';
import { jsonRows } from '../../kql';
import type { RulePlan } from '../../plan/rule-plan';
import { paneRange, parseStatePartitionKey } from '../../state/keys';
import { readState } from '../../state/read';
import { MergedPanes } from '../../streaming/merged-panes';
import type { BoardStorage } from '../source';
import type { GroupsView } from '../types';

/** Stored groups or rows that are read for one window. */
const MOST = 10_000;

/** A rule ready to be looked into. Throws where its plan does not fit this engine. */
export const prepared = (plan: RulePlan): EngineRule =>
  prepareRules([{ ...plan, settings: { ...plan.settings, enabled: true } }]).rules[0]!;

/**
 * What the flush would be given for the window that ends at `end` (ms): merged groups with what their aggregates come to so far, or the
 * rows that are kept. Reads at most 10,000 of them.
 */
export async function readOpenGroups(
  { store, tables }: BoardStorage,
  { plan, legs }: EngineRule,
  end: number,
): Promise<GroupsView> {
  const start = end - plan.schedule.periodMs;
  let left = MOST;
  let more = false;
  const shown: GroupsView['legs'][number][] = [];
  for (const { runner } of legs) {
    const state = new MergedPanes(runner, end, MOST + 1, [undefined]);
    for await (const item of readState(store, tables.state, paneRange(runner.leg.hash, start, end))) {
      if (!('value' in item)) continue;
      if (left-- <= 0) {
        more = true;
        break;
      }
      state.add({ paneStart: parseStatePartitionKey(item.partitionKey).paneStart, value: item.value });
    }
    const schema = runner.summarize?.schema ?? runner.leg.columns;
    const keys = runner.summarize?.keyCount ?? 0;
    shown.push({
      kind: runner.summarize ? 'groups' : 'rows',
      columns: schema.map(({ name, type }, i) => ({ name, type, isKey: i < keys })),
      rows: jsonRows(schema, state.scan({ kind: 'state', leg: 0, columns: schema })),
    });
  }
  return { start, end, legs: shown, more };
}
