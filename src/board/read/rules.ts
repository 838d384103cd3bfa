import type { RuleCursor } from '../../engine/rule-cursor';
import type { RulePlan } from '../../plan/rule-plan';
import type { RuleRow } from '../types';
import type { AlertIndex } from './alerts';

/** The rules that are deployed, with where they stand. `now`: ms. */
export function ruleRows(
  plans: readonly RulePlan[],
  cursors: ReadonlyMap<string, RuleCursor>,
  { entries, lastWindows }: AlertIndex,
  { now, graceMs }: { readonly now: number; readonly graceMs: (ruleId: string) => number },
): RuleRow[] {
  const alerts = new Map<string, { count: number; last: number }>();
  for (const { ruleId, windowEnd, isWithdrawn } of entries) {
    if (isWithdrawn) continue;
    const known = alerts.get(ruleId);
    alerts.set(ruleId, { count: (known?.count ?? 0) + 1, last: Math.max(windowEnd, known?.last ?? windowEnd) });
  }
  return plans.map(({ rule, settings, schedule, stream }) => {
    const cursor = cursors.get(rule.id);
    const own = alerts.get(rule.id);
    // In a replay no cursor says it.
    const lastWindow = cursor?.lastRunEnd ?? lastWindows.get(rule.id);
    return {
      id: rule.id,
      name: rule.name,
      severity: rule.severity,
      kind: rule.kind,
      ...(rule.version === undefined ? {} : { version: rule.version }),
      isEnabled: settings.enabled,
      isShadow: settings.shadow,
      frequencyMs: schedule.frequencyMs,
      periodMs: schedule.periodMs,
      tactics: rule.tactics,
      techniques: rule.techniques,
      sources: [...new Set(stream.legs.flatMap(({ branches }) => branches.map(({ table }) => table)))],
      ...(lastWindow === undefined ? {} : { lastWindow }),
      ...(cursor ? { overdueMs: now - (cursor.lastRunEnd + cursor.frequencyMs + graceMs(rule.id)) } : {}),
      ...(own ? { lastAlert: own.last } : {}),
      alerts: own?.count ?? 0,
    };
  });
}
