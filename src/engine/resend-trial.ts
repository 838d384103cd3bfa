import type { StoredLetter } from '../deadletters/dead-letters';
import type { DecodedRecord } from '../events/types';
import { parseDatetime, ticksFromMs } from '../kql';
import { textOf } from './faults';
import { mendedLeg } from './resend-legs';
import { type Cursors, type ExpiryBounds, isPaneKept, type Panes, windowsOver } from './resend-windows';
import { failed, type Resent, refused } from './resent';
import type { EngineLeg, RuleSet } from './rules';
import { paneStampOf } from './stamp';
import type { EngineOptions } from './types';

/** What counting records would do, found without writing anything. */
export interface Trial {
  /** The rules that can count them, with the legs that do. */
  readonly rules: RuleSet;
  readonly panes: Panes;
  /** Panes of legs that are left out, since nothing is run from their state any more. */
  readonly gone: Panes;
}

/**
 * Runs the row stages over the records of a letter. A leg that fails counts with the row stage of the deployed version where that can be; it is
 * left out where no window over the records is run from its state any more. A letter of all rules with one record may keep a leg that fails:
 * counting makes a letter of it.
 */
export function tryLegs(
  options: Pick<EngineOptions, 'mode'>,
  letter: StoredLetter,
  records: readonly DecodedRecord[],
  rules: RuleSet,
  cursors: Cursors,
  time: ExpiryBounds,
): Trial | Resent {
  const isLive = options.mode === 'live';
  const panes = new Map<EngineLeg, ReadonlySet<number>>();
  const gone = new Map<EngineLeg, ReadonlySet<number>>();
  const others = new Map<EngineLeg, EngineLeg | undefined>();
  for (const leg of new Set([...rules.legsByTable.values()].flat())) {
    const own = records.filter(({ table }) => leg.runner.tables.has(table));
    if (own.length === 0) continue;
    const first = panesOf(options, leg, own, letter.enqueuedTime);
    const mended = typeof first === 'string' ? mendedLeg(leg, letter.ruleId, rules) : { leg };
    const tried = mended.leg && mended.leg !== leg ? panesOf(options, mended.leg, own, letter.enqueuedTime) : first;
    if (typeof tried === 'string') {
      const stamped = stamps(leg, own, letter.enqueuedTime);
      const windows = windowsOver(new Map([[leg, stamped]]), letter.ruleId, cursors, time);
      if (isLive && !windows.isAny) {
        others.set(leg, undefined);
        // They ran without it, if there were any.
        gone.set(leg, stamped);
      } else if (letter.ruleId === undefined && records.length === 1) continue;
      else if (mended.leg || mended.why === undefined) return failed('rule-failed', tried);
      else
        return refused(`an earlier version of the rule still runs windows over it and fails (${tried}); ${mended.why}`);
      continue;
    }
    const isKept =
      !isLive || [...tried].some((start) => leg.rules.some((rule) => isPaneKept(rule, start, cursors, time)));
    const used = isKept ? mended.leg : undefined;
    if (used !== leg) others.set(leg, used);
    if (tried.size > 0) (isKept ? panes : gone).set(used ?? leg, tried);
  }
  return { rules: withLegs(rules, others), panes, gone };
}

/** The panes that rows of the records fall into; a text: why a row stage fails. */
function panesOf(
  { mode }: Pick<EngineOptions, 'mode'>,
  { runner }: EngineLeg,
  records: readonly DecodedRecord[],
  enqueuedTime: number,
): ReadonlySet<number> | string {
  const panes = new Set<number>();
  for (const { table, fields } of records) {
    const own = mode === 'replay' ? parseDatetime(String(fields.TimeGenerated)) : null;
    const event = { table, fields, ingestion: own ?? ticksFromMs(enqueuedTime), origin: '' };
    try {
      for (const { paneStart } of runner.survivors(event)) panes.add(paneStart);
    } catch (error) {
      return textOf(error);
    }
  }
  return panes;
}

/** The panes of a leg that records fall into whatever becomes of them. */
function stamps(leg: EngineLeg, records: readonly DecodedRecord[], enqueuedTime: number): Set<number> {
  return new Set(records.map(({ fields }) => paneStampOf(leg, fields, enqueuedTime)));
}

/** The rules with other legs in the place of some; undefined: with none. */
function withLegs(rules: RuleSet, others: ReadonlyMap<EngineLeg, EngineLeg | undefined>): RuleSet {
  if (others.size === 0) return rules;
  const replace = (legs: readonly EngineLeg[]): EngineLeg[] =>
    legs.flatMap((leg) => {
      const other = others.has(leg) ? others.get(leg) : leg;
      return other ? [other] : [];
    });
  const legsByTable = new Map<string, readonly EngineLeg[]>();
  const legs = replace(rules.legs);
  for (const leg of legs)
    for (const table of leg.runner.tables) legsByTable.set(table, [...(legsByTable.get(table) ?? []), leg]);
  return { ...rules, legs, legsByTable };
}
