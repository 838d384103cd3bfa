import { countOpenGroups } from '../engine/open-groups';
import type { RulePlan } from '../plan/rule-plan';
import { heldWithin, readAllMarks } from './read/marks';
import { newestWindow, nextWindow } from './read/windows';
import type { BoardReader } from './reader';
import type { BoardSource } from './source';
import type { Held, NowView, WindowView } from './types';

/** Windows that are shown, and those of them whose state is counted. */
const MOST_WINDOWS = 200;
const MOST_COUNTED = 24;
/** State partitions that are looked at for the sum. */
const MOST_PARTITIONS = 400;
const LATEST = 10;

interface OpenWindows {
  readonly windows: readonly WindowView[];
  readonly more: number;
  readonly held: Held & { readonly more: boolean };
}

/** What the stream is doing. `now`: ms. */
export async function readNow(source: BoardSource, reader: BoardReader, now: number): Promise<NowView> {
  const [health, plans, partitions, index, letters] = await Promise.all([
    source.health(now),
    reader.plans(),
    reader.partitions(),
    reader.alertIndex(),
    reader.letterCounts(),
  ]);
  const [open, { alerts }] = await Promise.all([
    source.session.mode === 'live' ? byClock(source, reader, plans, now) : byEvents(reader, plans),
    reader.alertRows(index, LATEST),
  ]);
  return {
    at: now,
    health: { status: health.status, checks: health.checks },
    partitions,
    rules: plans.length,
    windows: open.windows,
    moreWindows: open.more,
    held: open.held,
    pending: health.pending.map(({ sink, windows, failures }) => ({ sink, windows, failures })),
    deadLetters: { count: letters.total, more: letters.more },
    alerts: { count: index.entries.filter(({ isWithdrawn }) => !isWithdrawn).length, more: index.more },
    latest: alerts,
  };
}

async function byClock(
  source: BoardSource,
  reader: BoardReader,
  plans: readonly RulePlan[],
  now: number,
): Promise<OpenWindows> {
  const cursors = await reader.cursors();
  const all = plans.flatMap((plan) => {
    const cursor = cursors.get(plan.rule.id);
    return cursor ? [{ plan, window: nextWindow(plan, cursor, source.graceMs(plan.rule.id, plans), now) }] : [];
  });
  all.sort((a, b) => a.window.dueAt! - b.window.dueAt!);
  const windows = await Promise.all(
    all.slice(0, MOST_WINDOWS).map(async ({ plan, window }, i): Promise<WindowView> => {
      if (i >= MOST_COUNTED) return window;
      return { ...window, held: heldWithin(await reader.marks(plan), window.start, window.end) };
    }),
  );
  const held = await reader.held(async (storage) => countOpenGroups(storage, plans, now, MOST_PARTITIONS));
  return { windows, more: all.length - windows.length, held };
}

async function byEvents(reader: BoardReader, plans: readonly RulePlan[]): Promise<OpenWindows> {
  const { byLeg, more } = await readAllMarks(await reader.storage(), MOST_PARTITIONS);
  const all = plans.flatMap(
    (plan) =>
      newestWindow(
        plan,
        plan.stream.legs.flatMap(({ hash }) => byLeg.get(hash) ?? []),
      ) ?? [],
  );
  all.sort((a, b) => b.end - a.end || (a.ruleName < b.ruleName ? -1 : 1));
  const held = heldWithin({ panes: [...byLeg.values()].flat() }, Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY);
  return {
    windows: all.slice(0, MOST_WINDOWS),
    more: Math.max(0, all.length - MOST_WINDOWS),
    held: { ...held, more },
  };
}
