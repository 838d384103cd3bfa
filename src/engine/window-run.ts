import type { Alert } from '../alerts/alert';
import { buildAlerts } from '../alerts/build';
import { type PublishResult, publishWindow } from '../alerts/delivery/publish';
import { listWindows, lookupWindow, type Outbox } from '../alerts/delivery/windows';
import { withdrawn } from '../alerts/same';
import type { AlertJson } from '../alerts/sinks/sink';
import { triggerFires } from '../alerts/trigger';
import { createRuntime, formatDatetime, jsonRows, type Runtime, type Table, ticksFromMs, visible } from '../kql';
import { paneRange, parseStatePartitionKey } from '../state/keys';
import { readState } from '../state/read';
import { WindowState } from '../streaming/window-state';
import type { EngineRule } from './rules';
import type { EngineOptions } from './types';

export interface WindowRun {
  /** T, ms. */
  readonly end: number;
  readonly incomplete: boolean;
  /** ms. */
  readonly now: number;
  /** The window has been run before, or may have been. */
  readonly again: boolean;
  /**
   * Whether the state of the window has not begun to be deleted, asked after it was read: another flush may have gone on meanwhile, and this
   * one may have read what that left.
   */
  readonly isKept: () => Promise<boolean>;
}

/** Fields that change from run to run and say nothing about the result. */
const VOLATILE = ['TimeGenerated', 'ProcessingEndTime', 'Incomplete'];

const iso = (ms: number): string => formatDatetime(ticksFromMs(ms));

/**
 * Runs one window of a rule: reads its state, evaluates the flush stage, applies the trigger and publishes what came of it to the outbox.
 * undefined: there is nothing to say and nothing was said before. Throws WindowLost, StoreUnavailable, KqlError.
 */
export async function runWindow(
  rule: EngineRule,
  options: EngineOptions,
  run: WindowRun,
): Promise<PublishResult | undefined> {
  const { plan } = rule;
  const outbox: Outbox = { store: options.store, table: options.tables.alerts };
  const window = await lookupWindow(outbox, { ruleId: plan.rule.id, windowEnd: run.end });
  // What this window has said before is corrected, even if an earlier one alerts late.
  const suppressed = window.manifest.length === 0 && (await isSuppressed(rule, outbox, run.end));
  if (suppressed && window.attempt === 0) return undefined;
  const result = await evaluateWindow(rule, options, run.end);
  const fires = triggerFires(plan.rule.trigger, result.rows.length);
  // Where a run was cut off before it said anything, this one says that there is nothing to say.
  const alerts = fires && !suppressed ? alertsOf(rule, result, run) : [];
  if (alerts.length === 0 && window.attempt === 0 && !run.again) return undefined;
  if (!(await run.isKept())) return undefined;
  const duration = plan.rule.suppression.enabled ? plan.rule.suppression.durationMs : undefined;
  return publishWindow(outbox, window, {
    planHash: plan.hash,
    alerts,
    withdraw: (alert) => withdrawn(alert as unknown as Alert, iso(run.now)) as unknown as AlertJson,
    sinks: plan.settings.shadow ? [] : sinkNames(rule, options),
    incomplete: run.incomplete,
    ...(duration !== undefined && alerts.length > 0 ? { suppressedUntil: run.end + duration } : {}),
    ignore: VOLATILE,
    now: run.now,
  });
}

/**
 * The result of a rule's query over the window that ends at T. Without any state a rule that is proved silent is not run: its query may
 * name columns that `pivot` makes of data alone.
 */
export async function evaluateWindow(rule: EngineRule, options: EngineOptions, end: number): Promise<Table> {
  const runtime = await windowRuntime(rule, options, end);
  if (!runtime.hasState && rule.plan.isSilentWithoutEvents) return { schema: [], rows: [] };
  return visible(rule.flush.run(runtime));
}

/** A runtime over the state of a window. */
export interface WindowRuntime extends Runtime {
  /** Whether any event of the window came through a row stage. */
  readonly hasState: boolean;
}

/** What the flush stage of a rule runs on: the state of the window that ends at T (ms). Throws StoreUnavailable, KqlError. */
export async function windowRuntime(
  rule: EngineRule,
  options: Pick<EngineOptions, 'store' | 'tables' | 'maxRowsPerWindow'>,
  end: number,
): Promise<WindowRuntime> {
  const { plan } = rule;
  const states = rule.legs.map(
    (leg, i) => new WindowState(leg.runner, end, options.maxRowsPerWindow, rule.withins[i]!),
  );
  let hasState = false;
  for (const [i, leg] of rule.legs.entries()) {
    const range = paneRange(leg.runner.leg.hash, end - plan.schedule.periodMs, end);
    for await (const item of readState(options.store, options.tables.state, range)) {
      if (item.kind === 'mark') continue;
      hasState = true;
      states[i]!.add({ paneStart: parseStatePartitionKey(item.partitionKey).paneStart, value: item.value });
    }
  }
  const runtime = createRuntime({
    now: ticksFromMs(end),
    scan(source) {
      if (source.kind !== 'state') throw new Error(`table ${source.name} was not taken apart for the stream`);
      return states[source.leg]!.scan(source);
    },
    maxRows: options.maxRowsPerWindow,
  });
  return { ...runtime, hasState };
}

function alertsOf({ plan }: EngineRule, result: Table, run: WindowRun): AlertJson[] {
  const { caps } = plan.settings;
  const built = buildAlerts(
    { ...plan.rule, schedule: { ...plan.schedule } },
    { columns: result.schema, rows: jsonRows(result.schema, result.rows) },
    { start: iso(run.end - plan.schedule.periodMs), end: iso(run.end) },
    {
      generatedAt: iso(run.now),
      keyColumns: plan.keyColumns,
      incomplete: run.incomplete,
      limits: { results: caps.results, ...(plan.rule.kind === 'NRT' ? {} : { alertsPerRun: caps.alerts }) },
    },
  );
  return built.alerts as unknown as AlertJson[];
}

/** Suppression pauses the whole rule after an alert. https://learn.microsoft.com/azure/sentinel/create-analytics-rules */
async function isSuppressed({ plan }: EngineRule, outbox: Outbox, end: number): Promise<boolean> {
  const { enabled, durationMs } = plan.rule.suppression;
  if (!enabled || durationMs === undefined) return false;
  for await (const earlier of listWindows(outbox, plan.rule.id, end - durationMs, end)) {
    const hasAlert = earlier.manifest.some((entry) => !entry.withdrawn);
    if (hasAlert && earlier.suppressedUntil !== undefined && end < earlier.suppressedUntil) return true;
  }
  return false;
}

const sinkNames = ({ plan }: EngineRule, { sinks }: EngineOptions): string[] =>
  sinks.map((sink) => sink.name).filter((name) => plan.settings.sinks?.includes(name) ?? true);
