import { graceOf } from '../plan/grace';
import { paneRange } from '../state/keys';
import { dueStretch, type Stretch } from './due-windows';
import { whichHold } from './held-state';
import type { AllLatePanes } from './late-notes';
import type { RuleCursor } from './rule-cursor';
import { type Duty, openStretch } from './rule-work';
import type { EngineRule } from './rules';
import type { Tick } from './tick';

/** Of the rules whose windows are due and hold nothing, so many are moved on by one flush: what is left stays due, which changes nothing. */
const MOST_IDLE = 50;

/** What a flush has to do. */
export interface Duties {
  readonly duties: readonly Duty[];
  /** By lineage, of rules that stay where they are: the end of the last window that is due and holds nothing, ms. */
  readonly idle: ReadonlyMap<string, number>;
}

interface Looked {
  readonly duty: Omit<Duty, 'isDue' | 'isEarly'>;
  readonly due: Stretch | undefined;
  readonly open: Stretch | undefined;
}

/**
 * Finds the rules that there is something to do for, by a number of requests that grows with these, and not with the rules there are. A window
 * that holds nothing, of a rule that says nothing then, need not be run: nothing is decided by leaving it due, and an event that comes for it
 * later finds it so. `cursors` must have been read after the notes. Throws StoreUnavailable.
 */
export async function findDuties(
  tick: Tick,
  rules: readonly EngineRule[],
  cursors: ReadonlyMap<string, RuleCursor>,
  late: AllLatePanes,
): Promise<Duties> {
  const looked = rules.flatMap((rule) => look(tick, rule, cursors.get(rule.lineage), late) ?? []);
  const says = await whoSays(tick, looked);
  const duties: Duty[] = [];
  const idle: { readonly duty: Duty; readonly due: Stretch }[] = [];
  for (const one of looked) {
    const { cursor } = one.duty;
    const isEarly = one.open !== undefined && says.has(one.open);
    // A lineage that is to be forgotten must run out; one that waits is to be seen to wait, or no longer.
    const moves = cursor !== undefined && (cursor.ownsUntil !== 0 || cursor.waitingSince !== 0);
    const isDue = one.due !== undefined && (says.has(one.due) || moves);
    const duty = { ...one.duty, isDue, isEarly };
    if (one.due && !isDue) idle.push({ duty, due: one.due });
    else if (isDue || isEarly || duty.notes.length > 0) duties.push(duty);
  }
  idle.sort((a, b) => a.due.first - b.due.first);
  const stay = idle.slice(MOST_IDLE);
  return {
    duties: [
      ...duties,
      ...idle.slice(0, MOST_IDLE).map(({ duty }) => ({ ...duty, isDue: true })),
      ...stay.flatMap(({ duty }) => (duty.isEarly || duty.notes.length > 0 ? [duty] : [])),
    ],
    idle: new Map(stay.flatMap(({ duty, due }) => readTo(tick, duty, due))),
  };
}

/** undefined: there is nothing to do for the rule. */
function look(tick: Tick, rule: EngineRule, cursor: RuleCursor | undefined, late: AllLatePanes): Looked | undefined {
  const notes = late.notes.get(rule.lineage) ?? [];
  const duty = { rule, cursor, notes, isWhole: late.isWhole(rule.lineage) };
  if (!cursor)
    return tick.options.mode === 'replay' && notes.length > 0 ? { duty, due: undefined, open: undefined } : undefined;
  const due = dueStretch(rule, cursor, tick);
  const open = rule.plan.settings.early ? openStretch(rule, cursor, tick) : undefined;
  return due || open || notes.length > 0 ? { duty, due, open } : undefined;
}

/** The stretches of windows that may have something to say: what they cover holds state, or the rule speaks of silence. */
async function whoSays({ options }: Tick, looked: readonly Looked[]): Promise<Set<Stretch>> {
  const says = new Set<Stretch>();
  const asked: { readonly stretch: Stretch; readonly partitionFrom: string; readonly partitionTo: string }[] = [];
  for (const { duty, due, open } of looked) {
    const { plan, legs } = duty.rule;
    for (const stretch of [due, open]) {
      if (!stretch) continue;
      if (!plan.isSilentWithoutEvents) says.add(stretch);
      else
        for (const { runner } of legs)
          asked.push({
            stretch,
            ...paneRange(runner.leg.hash, stretch.first - plan.schedule.periodMs, stretch.last),
          });
    }
  }
  const held = await whichHold(options.store, options.tables.state, asked);
  asked.forEach(({ stretch }, i) => {
    if (held[i]) says.add(stretch);
  });
  return says;
}

/** The last of the windows that all that may belong to it has been read for. */
function readTo({ options, watermark }: Tick, { rule }: Duty, { first, last }: Stretch): [string, number][] {
  const { frequencyMs } = rule.plan.schedule;
  const grace = graceOf(rule.plan, options.graceMs);
  const end = Math.min(last, first + Math.floor((watermark - grace - first) / frequencyMs) * frequencyMs);
  return end >= first ? [[rule.lineage, end]] : [];
}
