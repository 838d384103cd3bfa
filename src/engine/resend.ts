import type { DeadLetters, StoredLetter } from '../deadletters/dead-letters';
import { type DeadLetterReason, recordId } from '../deadletters/record';
import { decode } from '../events/decode';
import type { DecodedRecord } from '../events/types';
import { isRefusal } from '../state/errors';
import { sourceId } from '../state/keys';
import { Evaluator, timeFault } from './evaluate';
import { keptFrom } from './expiry';
import { readHeartbeat } from './heartbeat';
import { claimRows } from './resend-claims';
import { resendParts, type Share } from './resend-parts';
import { tryLegs } from './resend-trial';
import { type Cursors, MARGIN, type Panes, windowsOver } from './resend-windows';
import { failed, type Resent, refused } from './resent';
import { readCursors } from './rule-cursor';
import { RuleSource } from './rule-source';
import type { EngineLeg, RuleSet } from './rules';
import type { EngineOptions, EvaluateResult, UnevaluatedRecord } from './types';

export interface ResendOptions {
  /** Counts a record although it came later than the lateness bound, where its state is still kept. */
  readonly acceptLate?: boolean;
  /** Counts a record although it was stamped too far in the future, once its time has come. */
  readonly acceptAhead?: boolean;
  /** Says what would happen and changes nothing. */
  readonly dryRun?: boolean;
}

type Letter = StoredLetter;

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
    const { parts } = letter;
    if (letter.isWholeMessage && !parts)
      return refused('its body is a whole message, other records of which were counted: send the record by itself');
    const decoded = decode({ body: bytesOf(letter.body) }, this.options.decode);
    if (parts)
      return resendParts({ ...letter, parts }, decoded, this.letters, (share) => this.share(letter, share, now, how));
    const done = (): Promise<void> => this.letters.delete(id);
    const share: Share = { ...decoded, name: '', countedLegs: letter.countedLegs ?? [], done };
    return this.share(letter, share, now, how);
  }

  private async share(letter: Letter, share: Share, now: number, how: ResendOptions): Promise<Resent> {
    const { records, rejected } = share;
    const rules = rulesFor(letter.ruleId, share.countedLegs, await this.source.current(now));
    if (typeof rules === 'string') return refused(rules);
    if (rejected[0]) return failed(rejected[0].reason, rejected[0].detail);
    if (records.length === 0) return failed('empty', 'no record in it');
    const misplaced = this.misplaced(letter, records, now, how);
    if (misplaced) return misplaced;
    const cursors = await this.cursors();
    const time = { now, maxLateMs: this.options.maxLateMs, margin: MARGIN };
    const found = tryLegs(this.options, letter, records, rules, cursors, time);
    if ('outcome' in found) return found;
    const { panes, gone } = found;
    const all = new Map([...panes, ...gone]);
    const over = (at: Cursors, margin: number) => windowsOver(all, letter.ruleId, at, { ...time, margin });
    const expired = await this.expired(panes, cursors, now);
    if (expired) return expired;
    const windows = over(cursors, MARGIN);
    const isLive = this.options.mode === 'live';
    if (isLive && all.size > 0 && !windows.isAny) return refused(expiredText(all, windows.gone));
    const corrects = panes.size > 0 && (!isLive || windows.corrects);
    if (how.dryRun)
      return {
        outcome: panes.size > 0 ? 'counted' : 'no-match',
        matches: panes.size,
        corrects,
        ...uncorrected(isLive ? windows.gone : []),
      };
    return this.count(letter, share, found.rules, corrects, async () => {
      if (!isLive || panes.size === 0) return [];
      const after = await this.cursors();
      return over(after, 0).isAny ? over(after, MARGIN).gone : undefined;
    });
  }

  private async cursors(): Promise<Cursors> {
    if (this.options.mode === 'replay') return new Map();
    const { store, tables } = this.options;
    return new Map((await readCursors(store, tables.control)).map((one) => [one.lineage, one]));
  }

  /** What of a letter is still to be counted: the hub may have been read again before it is sent, and will be after. */
  private ownRows({
    id,
    sourceId: source,
    partition: hubPartition,
    sequenceNumber,
    record,
    trackedLegs,
  }: Letter): Pick<EngineOptions, 'ownRows'> {
    if (source === undefined) return { ownRows: async (_, rows) => rows };
    const by = sourceId('deadletters', recordId(id));
    return {
      ownRows: (pane, rows) => {
        const isTracked = trackedLegs?.includes(pane.stateHash) ?? false;
        return claimRows(this.options, pane, { source, hubPartition, sequenceNumber, record, by, isTracked }, rows);
      },
    };
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

  /** Refuses records of panes whose state has been deleted: windows over them would be judged by this record alone. */
  private async expired(panes: Panes, cursors: Cursors, now: number): Promise<Resent | undefined> {
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

  /** `settled`: the ends of windows that stay as they are; undefined: none can be run any more. */
  private async count(
    letter: Letter,
    share: Share,
    rules: RuleSet,
    corrects: boolean,
    settled: () => Promise<readonly number[] | undefined>,
  ): Promise<Resent> {
    const again: UnevaluatedRecord[] = [];
    const evaluator = new Evaluator(
      { current: async () => rules },
      {
        ...this.options,
        notesProgress: false,
        onlyRecord: share.only,
        ...this.ownRows(letter),
        // Each is told apart from other letters of its record and rule.
        mostLetters: Number.POSITIVE_INFINITY,
        // Whether it may be counted has been decided.
        maxLateMs: Number.POSITIVE_INFINITY,
        maxAheadMs: Number.POSITIVE_INFINITY,
        deadLetters: { write: async (letters) => void again.push(...letters) },
      },
    );
    const { sequenceNumber, enqueuedTime } = letter;
    const batch = {
      source: { namespace: 'deadletters', hub: `${recordId(letter.id)}${share.name}`, partition: '0' },
      messages: [{ body: bytesOf(letter.body), sequenceNumber, enqueuedTime }],
    };
    let evaluated: EvaluateResult;
    try {
      evaluated = await evaluator.evaluate(batch);
    } catch (error) {
      if (isRefusal(error)) return failed('state-rejected', (error as Error).message);
      throw error;
    }
    const { matches, redelivered } = evaluated;
    if (again.length > 0) return this.writeAgain(letter, share, again, matches, corrects);
    const gone = await settled();
    if (!gone) return refused('its state has expired while it was being counted: no window over it is run any more');
    await share.done();
    const outcome = matches === 0 ? 'no-match' : redelivered === matches ? 'counted-before' : 'counted';
    return { outcome, matches, corrects, ...uncorrected(gone) };
  }

  /** Some rules failed on it: the letter is replaced by one for each of these rules, under the record's own origin. */
  private async writeAgain(
    letter: Letter,
    share: Share,
    again: readonly UnevaluatedRecord[],
    matches: number,
    corrects: boolean,
  ): Promise<Resent> {
    const detail = again.map((one) => one.detail).join('; ');
    const isNew = ({ ruleId, record }: UnevaluatedRecord): boolean =>
      ruleId !== undefined && (share.only !== undefined || record === 0);
    if (letter.ruleId !== undefined || !again.every(isNew)) return { outcome: 'failed', matches, corrects, detail };
    const { source, partition, sequenceNumber, record, enqueuedTime } = letter;
    await this.letters.write(
      again.map(({ ruleId, record: index, reason, detail: why, body, countedLegs }) => ({
        ...{ source, partition, sequenceNumber, enqueuedTime, ruleId, body, countedLegs },
        record: share.only ? index : record,
        reason: reason as DeadLetterReason,
        detail: why,
        storedAt: Date.now(),
      })),
    );
    await share.done();
    return { outcome: 'partly', matches, corrects, detail };
  }
}

/** What a letter is to be evaluated by: everything, or the legs of its rule that have not counted it. A text: why nothing can. */
function rulesFor(ruleId: string | undefined, countedLegs: readonly string[], all: RuleSet): RuleSet | string {
  if (ruleId === undefined) return countedLegs.length === 0 ? all : withoutLegs(all, countedLegs);
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

/** What the legs that go by the time of ingestion have counted is not counted by them again. */
function withoutLegs(all: RuleSet, hashes: readonly string[]): RuleSet {
  const rest = (legs: readonly EngineLeg[]): EngineLeg[] =>
    legs.filter(({ runner }) => !hashes.includes(runner.leg.hash));
  return {
    ...all,
    legs: rest(all.legs),
    legsByTable: new Map([...all.legsByTable].map(([table, legs]) => [table, rest(legs)])),
  };
}

function expiredText(panes: Panes, gone: readonly number[]): string {
  const first = Math.min(...[...panes.values()].flatMap((starts) => [...starts]));
  const at = new Date(first).toISOString();
  return gone.length > 0
    ? `the state of ${at} has expired: windows over it are not run any more`
    : `the state of ${at} has expired: no window over it belongs to a version of a rule that is still kept`;
}

const uncorrected = (gone: readonly number[]): Pick<Resent, 'uncorrected'> =>
  gone.length === 0 ? {} : { uncorrected: gone.map((end) => new Date(end).toISOString()) };

const bytesOf = (body: string | Uint8Array): Uint8Array => (typeof body === 'string' ? Buffer.from(body) : body);
