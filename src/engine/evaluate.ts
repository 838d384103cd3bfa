import { decode } from '../events/decode';
import type { HubMessage } from '../events/types';
import { KqlError, msFromTicks, parseDatetime, ticksFromMs } from '../kql';
import { createPrefilter, type Prefilter } from '../prefilter';
import { type CommitRow, commitBatch } from '../state/commit';
import { isRefusal } from '../state/errors';
import { GroupCache } from '../state/group-cache';
import { sourceId, statePartitionKey } from '../state/keys';
import type { SourceEvent, Survivor } from '../streaming/leg-runner';
import { SharedStages } from '../streaming/shared-stages';
import { noteLatePanes, type TouchedPanes } from './late-panes';
import { LetterBox, type RecordAt } from './letter-box';
import { ProgressWriter } from './progress';
import type { RuleSource } from './rule-source';
import type { EngineLeg, RuleSet } from './rules';
import { SourceNames } from './source-names';
import type { Batch, EngineOptions, EvaluateResult } from './types';

interface LegRow {
  readonly survivor: Survivor;
  readonly position: { sequenceNumber: number; record: number; ordinal: number };
  readonly record: RecordAt;
}

type Pending = Map<EngineLeg, Map<number, LegRow[]>>;

/** The first half of the engine: messages in, group state out. */
export class Evaluator {
  private readonly progress: ProgressWriter;
  private readonly names: SourceNames;
  private readonly stages = new WeakMap<readonly EngineLeg[], SharedStages<EngineLeg>>();
  /** Saves reading groups again that this process wrote; results do not depend on it. */
  private readonly groups = new GroupCache();
  private prepared: { rules: RuleSet; prefilter: Prefilter } | undefined;

  constructor(
    private readonly source: Pick<RuleSource, 'current'>,
    private readonly options: EngineOptions,
  ) {
    this.progress = new ProgressWriter(options);
    this.names = new SourceNames(options);
  }

  private async rules(): Promise<{ rules: RuleSet; prefilter: Prefilter }> {
    const rules = await this.source.current(Date.now());
    if (this.prepared?.rules !== rules) {
      const prefilter = createPrefilter(rules.requirements, { defaultTable: this.options.decode?.defaultTable });
      this.prepared = { rules, prefilter };
    }
    return this.prepared;
  }

  /**
   * Evaluates messages of one partition and makes their effect durable: when this returns, each event is counted once, however often it
   * was or will be delivered. Throws StoreUnavailable alone; the batch must then be delivered again.
   */
  async evaluate(delivered: Batch): Promise<EvaluateResult> {
    const batch = { ...delivered, source: await this.names.canonical(delivered.source) };
    const pending: Pending = new Map();
    const box = new LetterBox(batch.source);
    const counts = {
      messages: batch.messages.length,
      skipped: 0,
      records: 0,
      matches: 0,
      redelivered: 0,
      deadLetters: 0,
    };
    const { rules, prefilter } = await this.rules();
    const source = sourceId(batch.source.namespace, batch.source.hub, batch.source.incarnation);
    for (const message of batch.messages) {
      if (!prefilter(message.body)) counts.skipped++;
      else counts.records += this.read(rules, message, batch, source, pending, box);
    }
    for (const [leg, panes] of pending) {
      for (const [paneStart, rows] of panes) {
        counts.matches += rows.length;
        const partitionKey = statePartitionKey({
          stateHash: leg.runner.leg.hash,
          paneStart,
          source,
          hubPartition: batch.source.partition,
        });
        counts.redelivered += await this.commit(leg, partitionKey, rows, box);
      }
    }
    // Must come after the commit. A flush publishes `closingEnd` before it reads state: so either it sees what was just committed, or this
    // sees its `closingEnd` and leaves a note.
    await noteLatePanes(this.options, touched(pending));
    const letters = box.list();
    if (letters.length > 0) await this.options.deadLetters.write(letters);
    const last = batch.messages.at(-1);
    let lost = 0;
    if (last && this.options.mode === 'live' && this.options.notesProgress !== false) {
      // Losses are logged before progress is written: after a crash in between they are logged again, rather than never.
      lost = await this.tellLost(batch);
      await this.progress.note(batch.source, last, Date.now());
    }
    return { ...counts, deadLetters: letters.length, lost };
  }

  private async tellLost({ source, messages }: Batch): Promise<number> {
    const gaps = await this.progress.gaps(
      source,
      messages.map(({ sequenceNumber }) => sequenceNumber),
    );
    let lost = 0;
    for (const { from, to } of gaps) {
      const count = to - from + 1;
      lost += count;
      const { hub, partition } = source;
      this.options.log({ level: 'error', message: 'messages lost', hub, partition, from, to, count });
    }
    return lost;
  }

  /** Decodes a message and runs the row stages over its records. */
  private read(
    rules: RuleSet,
    message: HubMessage,
    batch: Batch,
    source: string,
    pending: Pending,
    box: LetterBox,
  ): number {
    const { records, rejected } = decode(message, this.options.decode);
    const total = records.length + rejected.length;
    for (const one of rejected) box.rejected(message, one, total);
    for (const { index, table, fields } of records) {
      const legs = rules.legsByTable.get(table);
      if (!legs) continue;
      const record: RecordAt = { message, index, table, fields, legs };
      const misplaced = timeFault(this.options, fields.TimeGenerated, message.enqueuedTime);
      if (misplaced) {
        box.misplaced(record, misplaced, `TimeGenerated ${String(fields.TimeGenerated)}`);
        continue;
      }
      const event = new IncomingEvent(record, source, batch.source.partition, this.options.mode);
      for (const { leg, starts } of this.stagesOf(table, legs).reached(event)) {
        try {
          leg.runner.survivorsFrom(event, starts).forEach((survivor, ordinal) => {
            const panes = pending.get(leg) ?? new Map<number, LegRow[]>();
            pending.set(leg, panes);
            const rows = panes.get(survivor.paneStart) ?? [];
            rows.push({
              survivor,
              position: { sequenceNumber: message.sequenceNumber, record: index, ordinal },
              record,
            });
            panes.set(survivor.paneStart, rows);
          });
        } catch (error) {
          if (!(error instanceof KqlError)) throw error;
          box.failed(record, leg, 'rule-failed', error.message);
        }
      }
    }
    return total;
  }

  private stagesOf(table: string, legs: readonly EngineLeg[]): SharedStages<EngineLeg> {
    const known = this.stages.get(legs);
    if (known) return known;
    const made = new SharedStages(table, legs);
    this.stages.set(legs, made);
    return made;
  }

  /**
   * Commits rows. Where the store refuses them for what they hold, halves are tried until the rows that it refuses are found; these go to
   * dead letters, all others are counted. Returns how many rows had been counted before.
   */
  private async commit(leg: EngineLeg, partitionKey: string, rows: readonly LegRow[], box: LetterBox): Promise<number> {
    const { runner } = leg;
    const commitRows = rows.map(
      ({ survivor, position }): CommitRow<Survivor> =>
        survivor.groupKey === undefined
          ? { position, payload: runner.keep(survivor) }
          : { position, groupKey: survivor.groupKey, row: survivor },
    );
    try {
      const { skipped } = await commitBatch(this.options.store, {
        table: this.options.tables.state,
        partitionKey,
        rows: commitRows,
        fold: (stored, survivors: readonly Survivor[]) => runner.fold(stored, survivors),
        cache: this.groups,
      });
      return skipped;
    } catch (error) {
      if (!(isRefusal(error) || error instanceof KqlError)) throw error;
      const [only] = rows;
      if (rows.length === 1 && only) {
        box.failed(only.record, leg, 'state-rejected', error.message);
        return 0;
      }
      const half = Math.ceil(rows.length / 2);
      const first = await this.commit(leg, partitionKey, rows.slice(0, half), box);
      return first + (await this.commit(leg, partitionKey, rows.slice(half), box));
    }
  }
}

/** An event on its way to the legs. What few legs read is computed when it is first asked for. */
class IncomingEvent implements SourceEvent {
  readonly table: string;
  readonly fields: SourceEvent['fields'];

  constructor(
    private readonly record: RecordAt,
    private readonly source: string,
    private readonly partition: string,
    private readonly mode: EngineOptions['mode'],
  ) {
    this.table = record.table;
    this.fields = record.fields;
  }

  /** In a replay the time of ingestion is the event's own time: when the file was sent says nothing. */
  get ingestion(): bigint {
    const own = this.mode === 'replay' ? parseDatetime(String(this.fields.TimeGenerated)) : null;
    return own ?? ticksFromMs(this.record.message.enqueuedTime);
  }

  get origin(): string {
    const { message, index } = this.record;
    const sequence = String(message.sequenceNumber).padStart(16, '0');
    return `${this.source.slice(0, 8)}${this.partition}.${sequence}.${String(index).padStart(7, '0')}`;
  }
}

/**
 * Whether an event is too late, or stamped too far ahead (the reason `too-early`). Judged against the enqueued time, which is the same on
 * every redelivery, and not against the time of evaluation.
 */
export function timeFault(
  { mode, maxLateMs, maxAheadMs }: Pick<EngineOptions, 'mode' | 'maxLateMs' | 'maxAheadMs'>,
  time: unknown,
  enqueuedTime: number,
): 'too-late' | 'too-early' | undefined {
  if (mode === 'replay') return undefined;
  const ticks = parseDatetime(String(time));
  if (ticks === null) return undefined;
  const ms = msFromTicks(ticks);
  if (ms < enqueuedTime - maxLateMs) return 'too-late';
  if (ms > enqueuedTime + maxAheadMs) return 'too-early';
  return undefined;
}

/** Panes that this batch has rows in, whether new or delivered again, by rule. */
function touched(pending: Pending): Iterable<TouchedPanes> {
  const result = new Map<string, TouchedPanes>();
  for (const [leg, panes] of pending) {
    for (const { plan, lineage } of leg.rules) {
      const entry = result.get(lineage) ?? {
        key: { ruleId: plan.rule.id, lineage },
        paneMs: plan.stream.paneMs,
        panes: new Set<number>(),
      };
      for (const pane of panes.keys()) entry.panes.add(pane);
      result.set(lineage, entry);
    }
  }
  return result.values();
}
