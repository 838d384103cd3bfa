import type { DeadLetters } from '../deadletters/dead-letters';
import { type DeadLetterReason, type DeadLetterSummary, recordId } from '../deadletters/record';
import { decode } from '../events/decode';
import type { DecodedRecord } from '../events/types';
import { KqlError, parseDatetime, ticksFromMs } from '../kql';
import { Evaluator, timeFault } from './evaluate';
import { keptFrom } from './expiry';
import { readHeartbeat } from './heartbeat';
import { type RuleCursor, readCursors } from './rule-cursor';
import { RuleSource } from './rule-source';
import type { EngineLeg, RuleSet } from './rules';
import type { EngineOptions, UnevaluatedRecord } from './types';

export interface ResendOptions {
  /** Counts a record although it came later than the lateness bound, where its state is still kept. */
  readonly acceptLate?: boolean;
  /** Counts a record although it was stamped too far in the future, once its time has come. */
  readonly acceptAhead?: boolean;
  /** Says what would happen and changes nothing. */
  readonly dryRun?: boolean;
}

/** What came of a dead letter. `detail` may hold text of the record. */
export interface Resent {
  /**
   * `counted`, `counted-before` (by an earlier call that was cut off) and `no-match`: it is removed. `partly`: counted, and replaced by a
   * letter for each rule that failed. `failed`: it is what it was. `refused`: it cannot be counted rightly any more, or not by these plans.
   */
  readonly outcome: 'counted' | 'counted-before' | 'no-match' | 'partly' | 'failed' | 'refused';
  /** Rows that came through some rule's row stage. */
  readonly matches: number;
  /** A window over it has run already: the next flush runs it again and sends a correction where its result changes. */
  readonly corrects: boolean;
  readonly detail?: string;
}

type Letter = DeadLetterSummary & { readonly body: string | Uint8Array };

/** State within this of being deleted is not counted into: a flush at the same time may be deleting it, ms. */
const MARGIN = 900_000;

/** What counting a record would do, found without writing anything. */
interface Trial {
  readonly panes: ReadonlyMap<EngineLeg, ReadonlySet<number>>;
  readonly failed: ReadonlyMap<EngineLeg, string>;
}

/**
 * Tries dead letters again. One is evaluated as a source of its own, `deadletters/ID`, with its own mark: nothing else is counted again, and
 * however often it is sent and wherever this is killed, it counts once. Whether it is late, or stamped ahead, is judged against the time at
 * which the hub took it in, as at first.
 */
export class Resender {
  private readonly source: RuleSource;

  /** `options.deadLetters` is not used. Throws where a plan does not fit this engine. */
  constructor(
    private readonly options: EngineOptions,
    private readonly letters: DeadLetters,
  ) {
    this.source = new RuleSource(options);
  }

  /** undefined: there is no dead letter of this id. `now`: ms. Throws StoreUnavailable: call again. */
  async resend(id: string, now: number, how: ResendOptions = {}): Promise<Resent | undefined> {
    const letter = await this.letters.get(id);
    if (!letter) return undefined;
    if (letter.isWholeMessage)
      return refused('its body is a whole message, other records of which were counted: send the record by itself');
    const rules = rulesFor(letter, await this.source.current(now));
    if (typeof rules === 'string') return refused(rules);
    const { records, rejected } = decode({ body: bytesOf(letter.body) }, this.options.decode);
    if (rejected[0]) return failed(rejected[0].reason, rejected[0].detail);
    if (records.length === 0) return failed('empty', 'no record in it');
    const misplaced = this.misplaced(letter, records, now, how);
    if (misplaced) return misplaced;
    const trial = this.attempt(letter, records, rules);
    const [failure] = trial.failed.values();
    if (failure !== undefined && (letter.ruleId !== undefined || records.length > 1))
      return failed('rule-failed', failure);
    const cursors = new Map(
      (await readCursors(this.options.store, this.options.tables.control)).map((one) => [one.lineage, one]),
    );
    const expired = await this.expired(trial, cursors, now);
    if (expired) return expired;
    const corrects = this.options.mode === 'replay' || correctsWindows(trial, cursors);
    if (how.dryRun)
      return { outcome: trial.panes.size > 0 ? 'counted' : 'no-match', matches: trial.panes.size, corrects };
    return this.count(letter, rules, corrects && trial.panes.size > 0);
  }

  private misplaced(
    { enqueuedTime }: Letter,
    records: readonly DecodedRecord[],
    now: number,
    { acceptLate, acceptAhead }: ResendOptions,
  ): Resent | undefined {
    for (const { fields } of records) {
      const time = String(fields.TimeGenerated);
      const fault = timeFault(this.options, time, enqueuedTime);
      if (fault === 'too-late' && !acceptLate) return failed(fault, `TimeGenerated ${time}; see --accept-late`);
      if (fault === 'too-early' && !acceptAhead) return failed(fault, `TimeGenerated ${time}; see --accept-early`);
      if (fault === 'too-early' && timeFault(this.options, time, now) === 'too-early')
        return refused(`TimeGenerated ${time} is still too far in the future`);
    }
    return undefined;
  }

  private attempt({ enqueuedTime }: Letter, records: readonly DecodedRecord[], rules: RuleSet): Trial {
    const panes = new Map<EngineLeg, Set<number>>();
    const failures = new Map<EngineLeg, string>();
    for (const { table, fields } of records) {
      const own = this.options.mode === 'replay' ? parseDatetime(String(fields.TimeGenerated)) : null;
      const event = { table, fields, ingestion: own ?? ticksFromMs(enqueuedTime), origin: '' };
      for (const leg of rules.legsByTable.get(table) ?? []) {
        try {
          for (const { paneStart } of leg.runner.survivors(event))
            panes.set(leg, (panes.get(leg) ?? new Set<number>()).add(paneStart));
        } catch (error) {
          if (!(error instanceof KqlError)) throw error;
          failures.set(leg, error.message);
        }
      }
    }
    return { panes, failed: failures };
  }

  /** Refuses records of panes whose state has been deleted: windows over them would be judged by this record alone. */
  private async expired(
    { panes }: Trial,
    cursors: ReadonlyMap<string, RuleCursor>,
    now: number,
  ): Promise<Resent | undefined> {
    const { mode, store, tables, maxLateMs } = this.options;
    if (mode === 'replay') return undefined;
    const heartbeat = await readHeartbeat(store, tables.control);
    const bound = Math.min(maxLateMs, heartbeat?.maxLateMs ?? maxLateMs);
    for (const [leg, starts] of panes) {
      const from = Math.max(keptFrom(leg, cursors, now, bound) + MARGIN, heartbeat?.keptFrom ?? 0);
      for (const start of starts)
        if (start < from)
          return refused(
            `the state of ${new Date(start).toISOString()} has expired (it is kept from ${new Date(from).toISOString()})`,
          );
    }
    return undefined;
  }

  private async count(letter: Letter, rules: RuleSet, corrects: boolean): Promise<Resent> {
    const again: UnevaluatedRecord[] = [];
    const evaluator = new Evaluator(
      { current: async () => rules },
      {
        ...this.options,
        notesProgress: false,
        // `misplaced` has decided on its time.
        maxLateMs: Number.POSITIVE_INFINITY,
        maxAheadMs: Number.POSITIVE_INFINITY,
        deadLetters: { write: async (letters) => void again.push(...letters) },
      },
    );
    const { sequenceNumber, enqueuedTime } = letter;
    const { matches, redelivered } = await evaluator.evaluate({
      source: { namespace: 'deadletters', hub: recordId(letter.id), partition: '0' },
      messages: [{ body: bytesOf(letter.body), sequenceNumber, enqueuedTime }],
    });
    if (again.length > 0) return this.writeAgain(letter, again, matches, corrects);
    await this.letters.delete(letter.id);
    const outcome = matches === 0 ? 'no-match' : redelivered === matches ? 'counted-before' : 'counted';
    return { outcome, matches, corrects };
  }

  /** Some rules failed on it: the letter is replaced by one for each of these rules, under the record's own origin. */
  private async writeAgain(
    letter: Letter,
    again: readonly UnevaluatedRecord[],
    matches: number,
    corrects: boolean,
  ): Promise<Resent> {
    const detail = again.map((one) => one.detail).join('; ');
    if (letter.ruleId !== undefined || again.some(({ ruleId, record }) => ruleId === undefined || record > 0))
      return { outcome: 'failed', matches, corrects, detail };
    const { source, partition, sequenceNumber, record, enqueuedTime } = letter;
    await this.letters.write(
      again.map(({ ruleId, reason, detail: why, body, countedLegs }) => ({
        ...{ source, partition, sequenceNumber, record, enqueuedTime, ruleId, body, countedLegs },
        reason: reason as DeadLetterReason,
        detail: why,
        storedAt: Date.now(),
      })),
    );
    await this.letters.delete(letter.id);
    return { outcome: 'partly', matches, corrects, detail };
  }
}

/** The rules that a letter is evaluated by: all, or the legs of its own rule that have not counted it yet. A text says why there are none. */
function rulesFor({ ruleId, countedLegs = [] }: Letter, all: RuleSet): RuleSet | string {
  if (ruleId === undefined) return all;
  const own = all.rules.filter(({ plan }) => plan.rule.id === ruleId);
  if (own.length === 0) return `the rule ${ruleId} is not in the plans`;
  const legs = [...new Set(own.flatMap((rule) => rule.legs))].filter(
    ({ runner }) => !countedLegs.includes(runner.leg.hash),
  );
  if (legs.length === 0) return `the rule ${ruleId} has counted it`;
  const legsByTable = new Map(
    [...all.legsByTable].map(([table, of]) => [table, of.filter((leg) => legs.includes(leg))]),
  );
  return { ...all, legs, legsByTable };
}

function correctsWindows({ panes }: Trial, cursors: ReadonlyMap<string, RuleCursor>): boolean {
  return [...panes].some(([leg, starts]) =>
    leg.rules.some(({ plan, lineage }) =>
      [...starts].some((start) => start + plan.stream.paneMs <= (cursors.get(lineage)?.closingEnd ?? 0)),
    ),
  );
}

const bytesOf = (body: string | Uint8Array): Uint8Array => (typeof body === 'string' ? Buffer.from(body) : body);
const refused = (detail: string): Resent => ({ outcome: 'refused', matches: 0, corrects: false, detail });
const failed = (reason: string, detail: string): Resent => ({
  outcome: 'failed',
  matches: 0,
  corrects: false,
  detail: `${reason}: ${detail}`,
});
