import { recordsIn } from '../deadletters/message-parts';
import { decode } from '../events/decode';
import type { HubMessage } from '../events/types';
import { msFromTicks, parseDatetime, ticksFromMs } from '../kql';
import { createPrefilter, type Prefilter } from '../prefilter';
import { boundRequests } from '../state/bounded';
import { GroupCache } from '../state/group-cache';
import { sourceId } from '../state/keys';
import type { SourceEvent } from '../streaming/leg-runner';
import { SharedStages } from '../streaming/shared-stages';
import { type BatchWatch, UNWATCHED } from './batch-watch';
import { noteLatePanes, type TouchedPanes } from './late-panes';
import type { RecordAt } from './letter-box';
import { MOST_REQUESTS } from './most-requests';
import { ProgressWriter } from './progress';
import type { RuleSource } from './rule-source';
import type { EngineLeg, RuleSet } from './rules';
import { Slice } from './slice';
import { fail, type PaneRows, SliceCommit } from './slice-commit';
import { SourceNames } from './source-names';
import { isOpenAt } from './trusted-time';
import type { Batch, BatchSource, EngineOptions, EvaluateResult } from './types';

type Counts = { -readonly [K in keyof EvaluateResult]: EvaluateResult[K] };

/** The first half of the engine: messages in, group state out. */
export class Evaluator {
  private readonly options: EngineOptions;
  private readonly progress: ProgressWriter;
  private readonly names: SourceNames;
  private readonly stages = new WeakMap<readonly EngineLeg[], SharedStages<EngineLeg>>();
  /** Saves reading marks and groups again that this process wrote; results do not depend on it. */
  private readonly groups = new GroupCache();
  private prepared: { rules: RuleSet; prefilter: Prefilter } | undefined;

  constructor(
    private readonly source: Pick<RuleSource, 'current'>,
    options: EngineOptions,
  ) {
    this.options = { ...options, store: boundRequests(options.store, MOST_REQUESTS) };
    this.progress = new ProgressWriter(this.options);
    this.names = new SourceNames(this.options);
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
   * was or will be delivered. Throws what the store throws, StoreUnavailable as a rule, and what `watch` throws: the batch must then be
   * delivered again.
   */
  async evaluate(delivered: Batch, watch: BatchWatch = UNWATCHED): Promise<EvaluateResult> {
    const batch = { ...delivered, source: await this.names.canonical(delivered.source) };
    const counts: Counts = {
      messages: batch.messages.length,
      skipped: 0,
      records: 0,
      matches: 0,
      redelivered: 0,
      deadLetters: 0,
      faults: 0,
      lost: 0,
    };
    const { rules, prefilter } = await this.rules();
    const last = batch.messages.at(-1);
    const source = sourceId(batch.source.namespace, batch.source.hub, batch.source.incarnation);
    let slice = new Slice(batch.source);
    let from = 0;
    for (const [i, message] of batch.messages.entries()) {
      watch.beat();
      const poison = watch.poison(message);
      if (poison) slice.box.poison(message, poison.isCounted);
      else if (!prefilter(message.body)) counts.skipped++;
      else counts.records += this.read(rules, message, { id: source, partition: batch.source.partition }, slice);
      if (!slice.isFull && message !== last) continue;
      await this.settle(slice, batch.source, counts, watch);
      await this.advance({ ...batch, messages: batch.messages.slice(from, i + 1) }, counts);
      if (message !== last) await watch.durable(message.sequenceNumber);
      slice = new Slice(batch.source);
      from = i + 1;
    }
    return counts;
  }

  /** Moves the progress of the partition past messages that are durable. */
  private async advance(batch: Batch, counts: Counts): Promise<void> {
    const last = batch.messages.at(-1);
    if (!last || this.options.mode !== 'live' || this.options.notesProgress === false) return;
    // Losses are logged before progress is written: after a crash in between they are logged again, rather than never.
    counts.lost += await this.tellLost(batch);
    await this.progress.note(batch.source, last, Date.now());
  }

  /** Makes durable what a part of a batch has come to. */
  private async settle(slice: Slice, from: BatchSource, counts: Counts, watch: BatchWatch): Promise<void> {
    const { box, faults } = slice;
    const commit = new SliceCommit(this.options, this.groups, slice, from, watch);
    const counted = await commit.run();
    counts.matches += commit.counts.matches;
    counts.redelivered += commit.counts.redelivered;
    // Must come after the commits. A flush publishes `closingEnd` before it reads state: so either it sees what was just committed, or this
    // sees its `closingEnd` and leaves a note.
    const over = await noteLatePanes(this.options, touched(counted.filter((one) => mayBeClosing(this.options, one))));
    // Who sends a letter again looks for himself, and keeps it.
    if (this.options.notesProgress !== false) tellOver(slice, over);
    const letters = box.list(this.options.mostLetters);
    if (letters.length > 0) await this.options.deadLetters.write(letters);
    counts.deadLetters += box.alreadyWritten;
    for (const { parts } of letters) counts.deadLetters += parts ? recordsIn(parts) : 1;
    counts.faults += faults.total;
    faults.tell(this.options.log);
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

  /** Decodes a message and runs the row stages over its records. Whatever goes wrong there is the event's. */
  private read(
    rules: RuleSet,
    message: HubMessage,
    source: { readonly id: string; readonly partition: string },
    slice: Slice,
  ): number {
    const { box } = slice;
    const { onlyRecord } = this.options;
    const { records, rejected, text } = decode(message, this.options.decode);
    const total = records.length + rejected.length;
    const held = { letters: box.size, rows: slice.rows };
    for (const one of rejected) if (onlyRecord?.(one.index) ?? true) box.rejected(message, one, total);
    for (const { index, table, fields } of records) {
      const all = rules.legsByTable.get(table);
      if (!all || onlyRecord?.(index) === false) continue;
      const misplaced = timeFault(this.options, fields.TimeGenerated, message.enqueuedTime);
      const legs = misplaced ? (rules.ingestionLegsByTable.get(table) ?? NO_LEGS) : all;
      const record: RecordAt = { message, ofMessage: total, index, table, fields, legs };
      if (misplaced && legs.length < all.length)
        box.misplaced(record, misplaced, `TimeGenerated ${String(fields.TimeGenerated)}`);
      if (legs.length === 0) continue;
      const event = new IncomingEvent(record, source.id, source.partition, this.options.mode);
      for (const { leg, starts } of this.reached(table, legs, event)) {
        try {
          const survivors = starts ? leg.runner.survivorsFrom(event, starts) : leg.runner.survivors(event);
          survivors.forEach((survivor, ordinal) => {
            slice.add(leg, record, survivor, ordinal);
          });
        } catch (error) {
          fail(slice, record, leg, error);
        }
      }
    }
    if (box.size > held.letters || slice.rows > held.rows) slice.holds(text);
    return total;
  }

  /** The legs that an event may come through. Where what they share fails, each is to try by itself. */
  private reached(
    table: string,
    legs: readonly EngineLeg[],
    event: SourceEvent,
  ): readonly { leg: EngineLeg; starts?: Parameters<EngineLeg['runner']['survivorsFrom']>[1] }[] {
    try {
      return this.stagesOf(table, legs).reached(event);
    } catch {
      return legs.map((leg) => ({ leg }));
    }
  }

  private stagesOf(table: string, legs: readonly EngineLeg[]): SharedStages<EngineLeg> {
    const known = this.stages.get(legs);
    if (known) return known;
    const made = new SharedStages(table, legs);
    this.stages.set(legs, made);
    return made;
  }
}

const WINDOWS_OVER = 'no window over it is looked at any more: state was not kept for so long';
const NO_LEGS: readonly EngineLeg[] = [];

/** Rows of panes whose windows are looked at no more go to dead letters. */
function tellOver({ pending, box }: Slice, over: ReadonlyMap<string, ReadonlySet<number>>): void {
  if (over.size === 0) return;
  for (const [leg, panes] of pending) {
    for (const [paneStart, rows] of panes) {
      const ids = new Set([...over].flatMap(([ruleId, gone]) => (gone.has(paneStart) ? [ruleId] : [])));
      if (ids.size > 0) for (const { record } of rows) box.failed(record, leg, 'too-late', WINDOWS_OVER, ids);
    }
  }
}

/** An event on its way to the legs. What few of them read is computed when it is first asked for, and once for all. */
class IncomingEvent implements SourceEvent {
  readonly table: string;
  readonly fields: SourceEvent['fields'];
  private ticks: bigint | undefined;
  private place: string | undefined;

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
    this.ticks ??= this.ingestedAt();
    return this.ticks;
  }

  get origin(): string {
    this.place ??= this.originText();
    return this.place;
  }

  private ingestedAt(): bigint {
    const own = this.mode === 'replay' ? parseDatetime(String(this.fields.TimeGenerated)) : null;
    return own ?? ticksFromMs(this.record.message.enqueuedTime);
  }

  private originText(): string {
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

/**
 * Whether a flush may have begun to run a window over rows before they were counted. In a replay every pane is run again whatever its time; a
 * store without a clock says nothing of the time of flushes.
 */
const mayBeClosing = (
  { mode, store }: Pick<EngineOptions, 'mode' | 'store'>,
  { leg, paneStart, countedAt }: PaneRows,
): boolean =>
  mode === 'replay' || !store.time || countedAt === undefined || !isOpenAt(paneStart + leg.runner.paneMs, countedAt);

/** Panes that rows were counted in, whether new or delivered again, by rule. */
function touched(counted: readonly PaneRows[]): Iterable<TouchedPanes> {
  const result = new Map<string, TouchedPanes>();
  for (const { leg, paneStart } of counted) {
    for (const { plan, lineage } of leg.rules) {
      const entry = result.get(lineage) ?? {
        key: { ruleId: plan.rule.id, lineage },
        paneMs: plan.stream.paneMs,
        panes: new Set<number>(),
      };
      entry.panes.add(paneStart);
      result.set(lineage, entry);
    }
  }
  return result.values();
}
