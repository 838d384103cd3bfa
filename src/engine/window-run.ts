import { buildAlerts } from '../alerts/build';
import { type PublishResult, publishWindow } from '../alerts/delivery/publish';
import { listWindows, lookupWindow, type Outbox, type WindowRecord } from '../alerts/delivery/windows';
import type { AlertJson } from '../alerts/sinks/sink';
import { triggerFires } from '../alerts/trigger';
import { withdrawn } from '../alerts/withdrawn';
import {
  createRuntime,
  formatDatetime,
  jsonRows,
  KqlError,
  type Runtime,
  type Table,
  ticksFromMs,
  visible,
} from '../kql';
import { paneRange, parseStatePartitionKey } from '../state/keys';
import { readState } from '../state/read';
import { MergedPanes } from '../streaming/merged-panes';
import { TextBudget } from '../streaming/text-budget';
import { writeLatePanes } from './late-panes';
import { owns, readCursors } from './rule-cursor';
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
  const window = await lookupWindow(outbox, { ruleId: plan.rule.id, windowEnd: run.end });
  // A window that has alerts is always corrected, also where suppression begins later because a window before it got a late alert.
  const isQuiet = window.manifest.length === 0 && (await isSuppressed(rule, outbox, run.end));
  const { table, damaged } = isQuiet ? NOTHING : await evaluateWindow(rule, options, run.end);
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

/**
 * The result of a rule's query over the window that ends at T. Without any state a rule that is proved silent is not run: its query may
 * name columns that `pivot` makes of data alone.
 */
export async function evaluateWindow(
  rule: EngineRule,
  options: EngineOptions,
  end: number,
): Promise<{ table: Table; damaged: number }> {
  const runtime = await windowRuntime(rule, options, end);
  const { damaged } = runtime;
  if (!runtime.hasState && rule.plan.isSilentWithoutEvents) return { table: { schema: [], rows: [] }, damaged };
  return { table: visible(rule.flush.run(runtime)), damaged };
}

/** A runtime over the state of a window. */
export interface WindowRuntime extends Runtime {
  /** Whether any event of the window came through a row stage. */
  readonly hasState: boolean;
  /** Entities that could not be read and were left out. */
  readonly damaged: number;
}

/**
 * What the flush stage of a rule runs on: the state of the window that ends at T (ms). An entity that cannot be read is left out and told: it
 * must not keep what all others say from being said. Throws StoreUnavailable, KqlError.
 */
export async function windowRuntime(
  rule: EngineRule,
  options: Pick<EngineOptions, 'store' | 'tables' | 'maxRowsPerWindow' | 'maxTextPerWindow' | 'log'>,
  end: number,
): Promise<WindowRuntime> {
  const { plan } = rule;
  const budget = new TextBudget(options.maxTextPerWindow);
  const states = rule.legs.map(
    (leg, i) => new MergedPanes(leg.runner, end, options.maxRowsPerWindow, rule.withins[i]!, budget),
  );
  let hasState = false;
  let damaged = 0;
  const leaveOut = (partitionKey: string, rowKey: string, reason: string): void => {
    if (damaged++ === 0)
      options.log({ level: 'error', message: 'state damaged', rule: plan.rule.id, partitionKey, rowKey, reason });
  };
  for (const [i, leg] of rule.legs.entries()) {
    const range = paneRange(leg.runner.leg.hash, end - plan.schedule.periodMs, end);
    for await (const item of readState(options.store, options.tables.state, range)) {
      if (item.kind === 'mark') continue;
      hasState = true;
      if (item.kind === 'damaged') {
        leaveOut(item.partitionKey, item.rowKey, item.reason);
        continue;
      }
      try {
        states[i]!.add({ paneStart: parseStatePartitionKey(item.partitionKey).paneStart, value: item.value });
      } catch (error) {
        // What a window cannot hold is the window's fault; what does not decode is this entity's.
        if (error instanceof KqlError) throw error;
        leaveOut(item.partitionKey, item.rowKey, (error as Error).message);
      }
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
  return { ...runtime, hasState, damaged };
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
