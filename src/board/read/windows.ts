import { readCursorsAsLooked } from '../../engine/idle-rules';
import { isDrained, type RuleCursor } from '../../engine/rule-cursor';
import type { RulePlan } from '../../plan/rule-plan';
import type { BoardStorage } from '../source';
import type { MarksView, WindowView } from '../types';
import { heldWithin } from './marks';

/** Where each rule stands: the cursor that is in force, by rule id. */
export async function readOpenCursors({ store, tables }: BoardStorage): Promise<Map<string, RuleCursor>> {
  const open = new Map<string, RuleCursor>();
  for (const cursor of await readCursorsAsLooked(store, tables.control)) {
    const known = open.get(cursor.ruleId);
    if (!isDrained(cursor) && (!known || cursor.lastRunEnd > known.lastRunEnd)) open.set(cursor.ruleId, cursor);
  }
  return open;
}

/** The window of a rule that closes next, by the clock. `graceMs`: of the rule. */
export function nextWindow(
  { rule }: Pick<RulePlan, 'rule'>,
  { lastRunEnd, frequencyMs, periodMs, waitingSince }: RuleCursor,
  graceMs: number,
  now: number,
): WindowView {
  const end = lastRunEnd + frequencyMs;
  const dueAt = end + graceMs;
  const state = now < end ? 'open' : now < dueAt ? 'grace' : waitingSince > 0 ? 'waiting' : 'due';
  return { ruleId: rule.id, ruleName: rule.name, start: end - periodMs, end, dueAt, state };
}

/** The newest window that a rule holds state for, where windows close by the events' own time: every flush runs what has changed. */
export function newestWindow(
  { rule, schedule, stream }: Pick<RulePlan, 'rule' | 'schedule' | 'stream'>,
  panes: MarksView['panes'],
): WindowView | undefined {
  if (panes.length === 0) return undefined;
  const last = panes.reduce((newest, { start }) => Math.max(newest, start), Number.NEGATIVE_INFINITY);
  const { frequencyMs, periodMs } = schedule;
  const end = Math.ceil((last + stream.paneMs) / frequencyMs) * frequencyMs;
  const start = end - periodMs;
  return { ruleId: rule.id, ruleName: rule.name, start, end, state: 'due', held: heldWithin({ panes }, start, end) };
}
