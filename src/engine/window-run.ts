import { buildAlerts } from '../alerts/build';
import { type PublishResult, publishWindow } from '../alerts/delivery/publish';
import { listWindows, lookupWindow, type Outbox, type WindowRecord } from '../alerts/delivery/windows';
import type { AlertJson } from '../alerts/sinks/sink';
import { triggerFires } from '../alerts/trigger';
import { withdrawn } from '../alerts/withdrawn';
import { formatDatetime, jsonRows, type Table, ticksFromMs } from '../kql';
import { writeLatePanes } from './late-panes';
import { owns, readCursors } from './rule-cursor';
import type { EngineRule } from './rules';
import type { EngineOptions } from './types';
import { evaluateWindow, type WindowRuntime, windowRuntime } from './window-state';

export interface WindowRun {
  /** T, ms. */
  readonly end: number;
  readonly incomplete: boolean;
  /** ms. */
  readonly now: number;
  /** The window has been run before, or may have been. */
  readonly again: boolean;
  /** Its record, looked up before any of `state` was read; absent: looked up here. */
  readonly record?: WindowRecord;
  /** Reads the state of the window; absent: from the store. */
  readonly state?: () => Promise<WindowRuntime>;
  /**
   * Whether the state of the window is still kept. Asked after the state was read: another flush may have begun to delete it meanwhile, and
   * this one may have read what was left of it.
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
  const window = run.record ?? (await lookupWindow(outbox, { ruleId: plan.rule.id, windowEnd: run.end }));
  // A window that has alerts is always corrected, also where suppression begins later because a window before it got a late alert.
  const isQuiet = window.manifest.length === 0 && (await isSuppressed(rule, outbox, run.end));
  const state = run.state ?? (() => windowRuntime(rule, options, run.end));
  const { table, damaged } = isQuiet ? NOTHING : evaluateWindow(rule, await state());
  const incomplete = run.incomplete || damaged > 0;
  const fires = !isQuiet && triggerFires(plan.rule.trigger, table.rows.length);
  const alerts = fires ? alertsOf(rule, table, { ...run, incomplete }) : [];
  // Without alerts no record is written, unless another run of the window was begun or may have been, or the window is suppressed: the record
  // then makes that run lose, which read older state.
  if (alerts.length === 0 && window.attempt === 0 && !run.again && !isQuiet) return undefined;
  if (!(await run.isKept())) return undefined;
  const duration = plan.rule.suppression.enabled ? plan.rule.suppression.durationMs : undefined;
  const published = await publishWindow(outbox, window, {
    planHash: plan.hash,
    alerts,
    withdraw: (alert) => withdrawn(alert, iso(run.now)),
    sinks: plan.settings.shadow ? [] : sinkNames(rule, options),
    incomplete,
    ...(duration !== undefined && alerts.length > 0 ? { suppressedUntil: run.end + duration } : {}),
    ignore: VOLATILE,
    now: run.now,
  });
  if (duration !== undefined && isTakenBack(published.window)) await reopenSuppressed(rule, options, run.end, duration);
  return published;
}

const NOTHING = { table: { schema: [], rows: [] } as Table, damaged: 0 };

/** Whether all that a window has said was withdrawn: it suppresses nothing any more. */
const isTakenBack = ({ manifest }: WindowRecord): boolean =>
  manifest.length > 0 && manifest.every((entry) => entry.withdrawn);

/**
 * Has the windows run again that said nothing because this one had alerted. Called whenever this one is found taken back: what led to that
 * is cleared afterwards, so a crash in between repeats it.
 */
async function reopenSuppressed(
  { plan }: EngineRule,
  options: EngineOptions,
  end: number,
  durationMs: number,
): Promise<void> {
  const outbox: Outbox = { store: options.store, table: options.tables.alerts };
  const panes: number[] = [];
  for await (const later of listWindows(outbox, plan.rule.id, end + 1, end + durationMs))
    if (later.manifest.length === 0) panes.push(later.windowEnd);
  if (panes.length === 0) return;
  const cursors = await readCursors(options.store, options.tables.control);
  for (const cursor of cursors.filter(({ ruleId }) => ruleId === plan.rule.id)) {
    const own = panes.filter((windowEnd) => owns(cursor, windowEnd));
    await writeLatePanes(
      options,
      cursor.lineage,
      own.map((windowEnd) => windowEnd - plan.stream.paneMs),
    );
  }
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
  return built.alerts;
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
