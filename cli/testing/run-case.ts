import type { UnevaluatedRecord } from '../../src/engine';
import type { RulePlan } from '../../src/plan/rule-plan';
import { compileRule } from '../../src/rules/compile';
import { formatProblem } from '../../src/rules/problem';
import type { Workspace, WorkspaceRule } from '../../src/rules/workspace';
import { OfflineRun } from '../offline/offline';
import { type ActualRow, compareRows, type RowComparison } from './compare';
import { deliveries, randomFrom, seedOf } from './delivery';
import { recordedEvents } from './recorded-events';
import type { CaseEvent, TestCase } from './test-case';

export interface CaseResult extends RowComparison {
  readonly ok: boolean;
  /** All result rows that the alerts carry. */
  readonly rows: readonly ActualRow[];
  /** What kept the case from being run as it is written. */
  readonly faults: readonly string[];
  /** Decides how events were cut into batches. */
  readonly seed: number;
  readonly ms: number;
}

/** Runs a case with the engine that is deployed: its events cut into batches at random, every window flushed. */
export async function runCase(
  workspace: Workspace,
  rule: WorkspaceRule,
  test: TestCase,
  seed?: number,
): Promise<CaseResult> {
  const started = performance.now();
  const used = seed ?? seedOf(test.name);
  const done = (rows: readonly ActualRow[], faults: readonly string[]): CaseResult => {
    const comparison = test.rows
      ? compareRows(test.rows, rows, test.exact)
      : { different: [], missing: [], unexpected: rows.length === test.count ? [] : rows };
    const isSame = comparison.different.length + comparison.missing.length + comparison.unexpected.length === 0;
    const ok = faults.length === 0 && isSame && rows.length === test.count;
    return { ok, rows, faults, seed: used, ms: performance.now() - started, ...comparison };
  };
  const { plan, faults: planFaults } = planOf(workspace, rule, test);
  if (!plan) return done([], planFaults);
  const { events, faults: unread } = await recordedEvents(test.events);
  const faults: string[] = [...unread];
  const run = new OfflineRun([plan], ({ level, message, reason }) => {
    if (level === 'error') faults.push(`${message}${reason === undefined ? '' : `: ${String(reason)}`}`);
  });
  for (const { partition, messages } of deliveries(events.length, test.redelivery, randomFrom(used))) {
    const batch = messages.map((i) => ({
      body: bytesOf(events[i]!),
      sequenceNumber: i,
      enqueuedTime: run.now,
    }));
    await run.evaluate(batch, String(partition));
  }
  const { alerts, deadLetters } = await run.finish();
  for (const text of new Set(deadLetters.map((letter) => letterText(letter, events)))) faults.push(text);
  const rows = alerts
    .filter(({ Status, WindowEnd }) => Status !== 'Withdrawn' && isInWindow(WindowEnd, test.windowEnd))
    .flatMap(({ Results }) => Results as readonly ActualRow[]);
  return done(rows, faults);
}

const isInWindow = (end: string, wanted: number | undefined): boolean =>
  wanted === undefined || Date.parse(end) === wanted;

const bytesOf = ({ body, recorded }: CaseEvent): Buffer => recorded?.bytes ?? Buffer.from(body);

const letterText = ({ sequenceNumber, reason, detail }: UnevaluatedRecord, events: readonly CaseEvent[]): string =>
  `${events[sequenceNumber]?.recorded?.place ?? `event ${sequenceNumber + 1}`} (line ${events[sequenceNumber]?.at.line ?? '?'}) could not be evaluated: ${reason}: ${detail}`;

/** The rule's plan under the settings of the case. A rule that is switched off is tested all the same. */
function planOf(
  workspace: Workspace,
  rule: WorkspaceRule,
  { settings }: TestCase,
): { plan?: RulePlan; faults: string[] } {
  if (!rule.plan) return { faults: ['the rule does not compile'] };
  const wanted = { ...rule.plan.settings, enabled: true, shadow: false, ...settings };
  if (settings.exclusions === undefined) return { plan: { ...rule.plan, settings: wanted }, faults: [] };
  const { plan, problems } = compileRule(workspace.compiler, rule.file, wanted, rule.file.file);
  return { plan, faults: problems.filter(({ severity }) => severity === 'error').map(formatProblem) };
}
