import { buildAlerts } from '../../src/alerts/build';
import { hashAlert, readAlert } from '../../src/alerts/delivery/alert-rows';
import { listWindows, type WindowRecord } from '../../src/alerts/delivery/windows';
import type { AlertJson } from '../../src/alerts/sinks/sink';
import { triggerFires } from '../../src/alerts/trigger';
import { lineageOf } from '../../src/engine/activation';
import { owns, type RuleCursor, readCursors } from '../../src/engine/rule-cursor';
import { ticksFromMs } from '../../src/kql';
import { parseStatePartitionKey } from '../../src/state/keys';
import type { MemoryStore } from '../../src/state/memory';
import { type BatchEvent, batchAnswer } from '../support/stream';
import type { HubEvent } from './hub';
import { iso, type RecordedOutbox, TABLES } from './outbox';
import type { ChaosRule, RuleVersion } from './rules';
import { count } from './world';

const VOLATILE = ['TimeGenerated', 'ProcessingEndTime', 'Incomplete'];

export interface Rested {
  readonly store: MemoryStore;
  readonly rules: readonly ChaosRule[];
  /** By rule: the end of its first window, ms. */
  readonly first: ReadonlyMap<string, number>;
  readonly events: readonly HubEvent[];
  /** Of dead letters: what is not counted, for a rule or (undefined) for all. */
  readonly uncounted: readonly {
    readonly ruleId: string | undefined;
    readonly events: readonly BatchEvent[];
    /** Ends (ms) of the windows that this is said of; absent: all. */
    readonly ends?: ReadonlySet<number>;
  }[];
  readonly outbox: RecordedOutbox;
  /** Ids of rules that were removed at some time. */
  readonly interrupted: ReadonlySet<string>;
  readonly deployed: ReadonlyMap<string, RuleVersion>;
  readonly maxLateMs: number;
  /** Windows that ended before this (ms) must have run. */
  readonly dueBefore: number;
  readonly problems: string[];
  readonly happened: Map<string, number>;
}

/**
 * Compares what the outbox and the sinks have with what the queries give in one batch over the events of each window.
 *
 * What must hold of suppression: an alert that stands is the one of the batch, and a window that should have raised one and did not lies
 * within the duration after an earlier one whose alert stands. Which of two windows alerts may hang on which was judged first: an alert that
 * went out is not taken back because an earlier window alerts late.
 */
export async function judge(rested: Rested): Promise<void> {
  const cursors = await readCursors(rested.store, TABLES.control);
  const ever = [...rested.outbox.cursors.values()];
  const sent = new Map([...rested.outbox.received].map(([name, alerts]) => [name, new Set(alerts.keys())]));
  for (const rule of rested.rules) {
    const own = ever.filter(({ ruleId }) => ruleId === rule.plan.rule.id);
    await judgeRule(rested, rule, own, sent);
  }
  for (const [name, ids] of sent) if (ids.size > 0) rested.problems.push(`sink ${name} has alerts of no window`);
  checkState(rested, cursors);
}

async function judgeRule(
  rested: Rested,
  rule: ChaosRule,
  cursors: readonly RuleCursor[],
  sent: ReadonlyMap<string, Set<string>>,
): Promise<void> {
  const { store, first, problems, happened, outbox, interrupted, deployed, dueBefore } = rested;
  const { id, name } = rule.plan.rule;
  const { frequencyMs } = rule.plan.schedule;
  const windows = new Map<number, WindowRecord>();
  for await (const window of listWindows({ store, table: TABLES.alerts }, id, 0, Date.UTC(2100, 0, 1)))
    windows.set(window.windowEnd, window);
  const last = Math.max(...cursors.map((cursor) => cursor.lastRunEnd));
  if (deployed.has(id) && last + frequencyMs <= dueBefore)
    problems.push(`${name}: windows since ${iso(last)} have not run`);
  const ends = new Set(windows.keys());
  // A plan that is to follow stands where the one before it will end.
  for (let end = first.get(id)!; end <= Math.min(last, dueBefore); end += frequencyMs) ends.add(end);
  const alerting: number[] = [];
  for (const end of [...ends].sort((a, b) => a - b)) {
    const where = `${name} ${iso(end)}`;
    const window = windows.get(end);
    const judges = [...(outbox.judges.get(`${id} ${end}`) ?? [])];
    const lineages = new Set(judges.map((hash) => lineageOf(versionOf(rule, hash).plan)));
    if (lineages.size > 1) problems.push(`${where}: judged by plans of different state`);
    if (window && window.phase !== 'ready') problems.push(`${where}: still being written`);
    if (window && !interrupted.has(id) && (end < first.get(id)! || (end > last && !rule.plan.settings.early)))
      problems.push(`${where}: a window of nobody`);
    const version = window ? versionOf(rule, window.planHash) : ownerOf(rule, cursors, end);
    // Removed when it ended, or of a plan that was forgotten and began anew.
    if (!version) continue;
    if (window?.manifest.some(({ withdrawn }) => !withdrawn)) alerting.push(end);
    if (interrupted.has(id) && isIncomplete(version, cursors, window, end)) {
      count(happened, 'window incomplete after a removal');
      for (const { id: alert } of window?.manifest ?? []) for (const ids of sent.values()) ids.delete(alert);
      continue;
    }
    if (hasLetter(rested, version, end)) {
      count(happened, 'window with a dead letter');
      for (const { id: alert } of window?.manifest ?? []) for (const ids of sent.values()) ids.delete(alert);
      continue;
    }
    const expected = new Map(answer(rested, version, end).map((alert) => [alert.SystemAlertId, alert]));
    count(happened, expected.size > 0 ? 'window with alerts' : 'window without');
    await judgeWindow(rested, where, window, expected, sent);
    const { enabled, durationMs = 0 } = version.plan.rule.suppression;
    const isTakenBack = (at: number): boolean => {
      const { manifest = [] } = windows.get(at) ?? {};
      return manifest.length > 0 && manifest.every(({ withdrawn }) => withdrawn);
    };
    if (
      enabled &&
      alerting.at(-1) === end &&
      [...windows.keys()].some((at) => at >= end - durationMs && at < end && isTakenBack(at))
    )
      count(happened, 'window that alerts after its suppressor was withdrawn');
    const isSuppressed =
      enabled && (window?.manifest.length ?? 0) === 0 && alerting.some((at) => at >= end - durationMs && at < end);
    if (isSuppressed && expected.size > 0) count(happened, 'window suppressed');
    else for (const alert of expected.values()) problems.push(`${where}: lost ${JSON.stringify(alert)}`);
  }
}

/** Whether a dead letter stands for an event of the window. */
function hasLetter({ uncounted }: Rested, { plan }: RuleVersion, end: number): boolean {
  const from = ticksFromMs(end - plan.schedule.periodMs);
  const isIn = (at: bigint): boolean => at >= from && at < ticksFromMs(end);
  return uncounted.some(
    ({ ruleId, events, ends }) =>
      (ruleId ?? plan.rule.id) === plan.rule.id &&
      (ends?.has(end) ?? true) &&
      events.some(({ time, ingestion }) => isIn(plan.rule.kind === 'NRT' ? ingestion : time)),
  );
}

/** A rule that was removed and comes back after its state was forgotten begins anew. */
function isIncomplete(
  { plan }: RuleVersion,
  cursors: readonly RuleCursor[],
  window: WindowRecord | undefined,
  end: number,
): boolean {
  if (window) return window.incomplete;
  const owner = cursors.find((cursor) => owns(cursor, end));
  return !owner || end - plan.schedule.periodMs < owner.countedSince;
}

/** Takes from `expected` what is there. */
async function judgeWindow(
  { store, outbox: recorded, problems, happened }: Rested,
  where: string,
  window: WindowRecord | undefined,
  expected: Map<string, AlertJson>,
  sent: ReadonlyMap<string, Set<string>>,
): Promise<void> {
  for (const entry of window?.manifest ?? []) {
    const alert = await readAlert({ store, table: TABLES.alerts }, window!, entry.id, entry.revision);
    for (const [name, received] of recorded.received) {
      sent.get(name)!.delete(entry.id);
      const got = received.get(entry.id);
      if (got?.Revision !== entry.revision || JSON.stringify(got) !== JSON.stringify(alert))
        problems.push(`${where}: sink ${name} has revision ${got?.Revision} of ${entry.id}, not ${entry.revision}`);
    }
    if (entry.withdrawn) {
      count(happened, 'alert withdrawn');
      continue;
    }
    const wanted = expected.get(entry.id);
    if (!wanted) problems.push(`${where}: an alert that the batch does not give: ${JSON.stringify(alert)}`);
    else if (!alert || hashAlert(alert, VOLATILE) !== hashAlert(wanted, VOLATILE))
      problems.push(`${where}: outbox ${JSON.stringify(alert)}\nbatch ${JSON.stringify(wanted)}`);
    expected.delete(entry.id);
  }
}

function versionOf({ versions }: ChaosRule, planHash: string): RuleVersion {
  const found = versions.find(({ plan }) => plan.hash === planHash);
  if (!found) throw new Error(`no plan ${planHash}`);
  return found;
}

/** Edits of the flush stage alone give alerts in the same windows: any version of the lineage will do. */
function ownerOf({ versions }: ChaosRule, cursors: readonly RuleCursor[], end: number): RuleVersion | undefined {
  const owner = cursors.find((cursor) => owns(cursor, end));
  return owner && versions.find(({ plan }) => lineageOf(plan) === owner.lineage);
}

function answer({ events }: Rested, { plan, query }: RuleVersion, end: number): AlertJson[] {
  // No event is late for an NRT rule.
  const read = plan.rule.kind === 'NRT' ? events : events.filter(({ isRefused }) => !isRefused);
  const result = batchAnswer(query, plan.schedule, read, end);
  if ('error' in result) throw new Error(result.error);
  if (!triggerFires(plan.rule.trigger, result.rows.length)) return [];
  const { results, alerts: alertsPerRun } = plan.settings.caps;
  const { alerts } = buildAlerts(
    { ...plan.rule, schedule: plan.schedule },
    result as Parameters<typeof buildAlerts>[1],
    { start: iso(end - plan.schedule.periodMs), end: iso(end) },
    {
      generatedAt: iso(end),
      keyColumns: plan.keyColumns,
      incomplete: false,
      limits: { results, ...(plan.rule.kind === 'NRT' ? {} : { alertsPerRun }) },
    },
  );
  return alerts;
}

/** What no window reads any more is gone, but for what the last hour left to do. */
function checkState({ store, rules, maxLateMs, problems, happened }: Rested, cursors: readonly RuleCursor[]): void {
  const oldest = new Map<string, number>();
  for (const { versions } of rules)
    for (const { plan } of versions)
      for (const cursor of cursors.filter(({ lineage }) => lineage === lineageOf(plan)))
        for (const { hash } of plan.stream.legs) {
          const from = cursor.windowsKeptFrom - plan.schedule.periodMs - 2 * plan.stream.paneMs;
          oldest.set(hash, Math.min(from, oldest.get(hash) ?? from));
        }
  const panes = new Set(store.dump(TABLES.state).map(({ partitionKey }) => partitionKey));
  for (const key of panes) {
    const { stateHash, paneStart } = parseStatePartitionKey(key);
    const from = oldest.get(stateHash);
    if (from !== undefined && paneStart < from) count(happened, 'pane that is to go');
  }
  for (const cursor of cursors)
    if (cursor.windowsKeptFrom > cursor.lastRunEnd - maxLateMs)
      problems.push('state is not kept for as long as events may be late');
}
