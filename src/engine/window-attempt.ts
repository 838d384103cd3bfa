import { markFailed, WindowLost, type WindowRecord } from '../alerts/delivery/windows';
import { isConflict, isOutage } from '../state/errors';
import { type CursorKey, readCursor } from './rule-cursor';
import type { EngineRule } from './rules';
import { addPublished, type Tick } from './tick';
import { runWindow } from './window-run';
import type { WindowRuntime } from './window-state';
import { NotNow, type WindowTime, WindowTooSlow } from './window-time';

/** What became of a window: `again`, it has to be run again; `slow`, it took too long; `not-now`, there is no time to begin it. */
export type Attempted = 'done' | 'again' | 'slow' | 'not-now';

export interface Attempt {
  /** T, ms. */
  readonly end: number;
  /** Windows that began before this (ms) are incomplete. */
  readonly countedSince: number;
  /** Not all that may belong to it has been read. */
  readonly isBehind: boolean;
  readonly again: boolean;
  readonly record?: WindowRecord;
  readonly state: () => Promise<WindowRuntime>;
}

export const keyOf = ({ plan, lineage }: EngineRule): CursorKey => ({ ruleId: plan.rule.id, lineage });

/** Runs a window. A fault of this window alone is logged, and its record says so. Throws StoreUnavailable, and where a permission is missing. */
export async function attempt(tick: Tick, rule: EngineRule, window: Attempt, time: WindowTime): Promise<Attempted> {
  const { options, now, counts } = tick;
  const { end, countedSince, isBehind, again, record, state } = window;
  const incomplete = isBehind || end - rule.plan.schedule.periodMs < countedSince;
  try {
    time.begin();
    const isKept = (): Promise<boolean> => isStillKept(tick, rule, end);
    const run = { end, now, incomplete, again, isKept, state, ...(record ? { record } : {}) };
    const published = await runWindow(rule, options, run);
    counts.windows++;
    if (published) addPublished(counts, published);
    return 'done';
  } catch (error) {
    // Another run of the window began meanwhile. It may have read the state before the events that this run was for.
    if (error instanceof WindowLost) return 'again';
    const cut = cutOff(tick, rule, end, error);
    if (cut) return cut;
    if (isOutage(error)) throw error;
    counts.failed++;
    tellFailed(tick, rule, end, (error as Error).message);
    // Another writer got in between: the next tick sees what it left.
    if (isConflict(error)) return 'again';
    await giveUp(tick, rule, end, (error as Error).message);
    return 'done';
  }
}

/** What became of a window whose run, or the reading of whose state, ended for want of time; undefined: that is not why. */
export function cutOff(tick: Tick, rule: EngineRule, end: number, error: unknown): 'slow' | 'not-now' | undefined {
  if (error instanceof NotNow) return 'not-now';
  if (!(error instanceof WindowTooSlow)) return undefined;
  tellFailed(tick, rule, end, error.message, 'warn');
  return 'slow';
}

/** `warn`: it is tried again. */
export function tellFailed(
  { options }: Tick,
  { plan }: EngineRule,
  end: number,
  reason: string,
  level: 'warn' | 'error' = 'error',
): void {
  const window = new Date(end).toISOString();
  const message = level === 'error' ? 'window failed' : 'window slow';
  options.log({ level, message, rule: plan.rule.id, window, reason });
}

/** The record of a window says why it failed. What it said before still counts. */
export async function giveUp({ options }: Tick, { plan }: EngineRule, end: number, reason: string): Promise<void> {
  const outbox = { store: options.store, table: options.tables.alerts };
  try {
    await markFailed(outbox, { ruleId: plan.rule.id, windowEnd: end }, { planHash: plan.hash, failure: reason });
  } catch (error) {
    // The window's own row may be what is damaged; it has been told.
    if (isOutage(error)) throw error;
  }
}

async function isStillKept({ options }: Tick, rule: EngineRule, end: number): Promise<boolean> {
  const { store, tables, mode } = options;
  if (mode === 'replay') return true;
  const cursor = await readCursor(store, tables.control, keyOf(rule));
  return cursor !== undefined && end >= cursor.windowsKeptFrom;
}
