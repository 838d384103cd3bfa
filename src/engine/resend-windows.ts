import { isDrained, isForgotten, owns, type RuleCursor } from './rule-cursor';
import type { EngineLeg, EngineRule } from './rules';

/** State within this of being deleted is not counted into: a flush at the same time may be deleting it, ms. */
export const MARGIN = 900_000;

export type Cursors = ReadonlyMap<string, RuleCursor>;
/** Panes that a record's rows fall into, by leg. */
export type Panes = ReadonlyMap<EngineLeg, ReadonlySet<number>>;

/** What windows are given up by, ms. */
export interface ExpiryBounds {
  readonly now: number;
  readonly maxLateMs: number;
  /** Windows that are so close to being given up count as gone. */
  readonly margin: number;
}

/** What can still become of the windows over some panes. */
export interface WindowsOver {
  /** Whether any of them will run, or run again. */
  readonly isAny: boolean;
  /** Whether one that has run, or may be running, will run again. */
  readonly corrects: boolean;
  /** Ends (ms) of those that have run and cannot be run again. */
  readonly gone: readonly number[];
}

/**
 * What can still become of the windows over panes of these legs, of one rule or (undefined) of all. A rule without any cursor has not been activated yet and has all its windows before it.
 */
export function windowsOver(
  panes: Panes,
  ruleId: string | undefined,
  cursors: Cursors,
  time: ExpiryBounds,
): WindowsOver {
  const known = new Set([...cursors.values()].map(({ ruleId }) => ruleId));
  const gone = new Set<number>();
  let isAny = false;
  let corrects = false;
  for (const [leg, starts] of panes) {
    for (const rule of leg.rules) {
      if (ruleId !== undefined && rule.plan.rule.id !== ruleId) continue;
      const cursor = cursors.get(rule.lineage);
      if (!cursor) {
        isAny ||= !known.has(rule.plan.rule.id);
        continue;
      }
      for (const start of starts)
        for (const end of endsOver(rule, start)) {
          if (!owns(cursor, end)) continue;
          if (!isKept(cursor, end, time)) gone.add(end);
          else {
            isAny = true;
            corrects ||= end <= cursor.closingEnd;
          }
        }
    }
  }
  return { isAny, corrects, gone: [...gone].sort((a, b) => a - b) };
}

/** Whether a window over the pane, whoever owns it, can still be run from this rule's state. */
export function isPaneKept(rule: EngineRule, start: number, cursors: Cursors, time: ExpiryBounds): boolean {
  const cursor = cursors.get(rule.lineage);
  if (!cursor) return true;
  for (const end of endsOver(rule, start)) if (isKept(cursor, end, time)) return true;
  return false;
}

function isKept(cursor: RuleCursor, end: number, { now, maxLateMs, margin }: ExpiryBounds): boolean {
  if (isForgotten(cursor) || end < cursor.windowsKeptFrom + margin) return false;
  // A lineage that has run all its windows is forgotten at once when nothing can be late for it any more.
  return margin === 0 || !isDrained(cursor) || now <= cursor.ownsUntil + maxLateMs - margin;
}

/** Ends (ms) of the windows over a pane. */
function* endsOver({ plan }: EngineRule, start: number): Generator<number> {
  const { frequencyMs, periodMs } = plan.schedule;
  const first = Math.ceil((start + plan.stream.paneMs) / frequencyMs) * frequencyMs;
  for (let end = first; end <= start + periodMs; end += frequencyMs) yield end;
}
