import {
  createRuntime,
  decodeValue,
  type Encoded,
  encodeValue,
  KqlError,
  meter,
  msFromTicks,
  type PreparedOperator,
  type PreparedSummarize,
  prepareOperator,
  prepareSummarize,
  ROW_STAGE_LIMITS,
  type Row,
  type Runtime,
  type Schema,
  TICKS_PER_MS,
  TIME_COLUMN,
  UNIX_EPOCH_TICKS,
} from '../kql';
import { contentHash, orderText } from './canonical-order';
import { type Fields, rowReader } from './source-row';
import type { Branch, Leg, TimeBasis } from './stream-plan';

/** A row that came through a leg's row stage. */
export interface Survivor {
  /** Start of its pane, ms since 1970: from the event's own TimeGenerated. */
  readonly paneStart: number;
  /** The event stands on the first tick of its pane: bounds such as `> ago(1d)` leave it out. */
  readonly isEdge: boolean;
  readonly order: string;
  readonly row: Row;
  /** Group key of a leg with groups. */
  readonly groupKey?: string;
}

interface PreparedBranch {
  readonly branch: Branch;
  readonly index: number;
  readonly read: ReturnType<typeof rowReader>;
  readonly time: number;
  readonly steps: readonly PreparedOperator[];
}

/** One event, as legs read it. */
export interface SourceEvent {
  readonly table: string;
  readonly fields: Fields;
  /** Enqueued time, ticks. */
  readonly ingestion: bigint;
  /** Tells events of equal content apart: source, partition, position. */
  readonly origin: string;
}

/** An event that has passed the first operators of a branch. */
export interface BranchStart {
  readonly row: Row;
  /** How many operators of the branch have run. */
  readonly from: number;
  /** The event's own TimeGenerated, ticks. */
  readonly time: bigint | null;
}

/** A leg ready to run: its row stage, and the folding of rows into stored state. */
export class LegRunner {
  readonly tables: ReadonlySet<string>;
  private readonly branches: readonly PreparedBranch[];
  /** Columns after the row stage. */
  private readonly schema: Schema;
  private readonly kept: readonly number[];
  readonly summarize: PreparedSummarize | undefined;
  private readonly runtime: Runtime;

  /** Throws KqlError where the plan does not fit this engine. */
  constructor(
    readonly leg: Leg,
    readonly paneMs: number,
    /** What panes are cut by. */
    readonly timeBasis: TimeBasis = 'event',
  ) {
    this.branches = leg.branches.map(prepareBranch);
    this.tables = new Set(leg.branches.map((branch) => branch.table));
    this.schema = outputOf(this.branches[0]!);
    this.summarize = leg.group ? prepareSummarize(leg.group, this.schema) : undefined;
    this.kept = leg.columns.map(({ name }) => this.schema.findIndex((column) => column.name === name));
    // A row stage looks neither at the clock nor at tables.
    this.runtime = createRuntime({ now: 0n, maxRows: ROW_STAGE_LIMITS.rows });
  }

  /** The rows that an event gives after the row stage, in order. Throws KqlError of kind `run`. */
  survivors(event: SourceEvent): Survivor[] {
    const starts = this.branches.map((branch): BranchStart | undefined => {
      if (branch.branch.table !== event.table) return undefined;
      const row = branch.read(event.fields, event.ingestion);
      return { row, from: 0, time: row[branch.time] as bigint | null };
    });
    return this.survivorsFrom(event, starts);
  }

  /** As `survivors`, where the first operators of each branch have run already. An error in `starts`: they failed; it is thrown. */
  survivorsFrom(event: SourceEvent, starts: readonly (BranchStart | Error | undefined)[]): Survivor[] {
    meter.refill();
    try {
      return this.metered(event, starts);
    } finally {
      meter.open();
    }
  }

  private metered(event: SourceEvent, starts: readonly (BranchStart | Error | undefined)[]): Survivor[] {
    const result: Survivor[] = [];
    for (const branch of this.branches) {
      const start = starts[branch.index];
      if (start === undefined) continue;
      if (start instanceof Error) throw start;
      const rows = this.rowStage(branch, start);
      if (rows.length === 0) continue;
      const stamped = start.time;
      const ticks = this.timeBasis === 'ingestion' ? event.ingestion : stamped;
      if (ticks === null || stamped === null) throw new KqlError('run', 'the event has no TimeGenerated');
      const paneStart = Math.floor(msFromTicks(ticks) / this.paneMs) * this.paneMs;
      const isEdge = ticks === BigInt(paneStart) * TICKS_PER_MS + UNIX_EPOCH_TICKS;
      const hash = contentHash(event.fields);
      for (const row of rows) {
        const order = orderText(branch.index, stamped, hash, event.origin, result.length);
        result.push({ paneStart, isEdge, order, row, ...this.groupKeyOf(row, isEdge) });
      }
    }
    return result;
  }

  /** Columns of a branch's rows after its first `operators` operators. */
  schemaAt(branch: number, operators: number): Schema {
    const { branch: source, steps } = this.branches[branch]!;
    const last = steps[operators - 1];
    return last && last.kind !== 'dataBound' ? last.schema : source.columns;
  }

  private groupKeyOf(row: Row, isEdge: boolean): { groupKey?: string } {
    if (!this.summarize) return {};
    // Rows on the first tick of a pane form groups of their own, so that a bound such as `> ago(1d)` can leave them out.
    return { groupKey: `${isEdge ? '!' : '.'}${this.summarize.keyText(this.summarize.keysOf(row, this.runtime))}` };
  }

  private rowStage({ steps }: PreparedBranch, { row: first, from }: BranchStart): Row[] {
    let rows: Row[] = [first];
    for (let at = from; at < steps.length; at++) {
      const step = steps[at]!;
      const next: Row[] = [];
      for (const row of rows) {
        if (step.kind === 'row') {
          const mapped = step.map(row, this.runtime);
          if (mapped) next.push(mapped);
        } else if (step.kind === 'expand') {
          for (const item of step.expand(row, this.runtime)) next.push(item);
        }
      }
      if (next.length === 0) return next;
      rows = next;
    }
    return rows;
  }

  /** The stored partial aggregate of a group with more rows folded in. */
  fold(stored: string | undefined, survivors: readonly Survivor[]): string {
    const summarize = this.summarize!;
    const known = stored === undefined ? undefined : parseGroup(stored);
    const keys = known
      ? known.k.map((value, i) => decodeValue(value, summarize.schema[i]!.type))
      : summarize.keysOf(survivors[0]!.row, this.runtime);
    const group = known ? summarize.load(keys, known.a) : summarize.create(keys);
    let first = known?.o;
    try {
      for (const { row, order } of survivors) {
        meter.refill();
        summarize.add(group, row, order, this.runtime);
        if (first === undefined || order < first) first = order;
      }
    } finally {
      meter.open();
    }
    const encoded: EncodedGroup = {
      k: keys.map((value, i) => encodeValue(value, summarize.schema[i]!.type)),
      a: summarize.save(group),
      o: first!,
      ...(survivors[0]!.isEdge || known?.e ? { e: 1 as const } : {}),
    };
    return JSON.stringify(encoded);
  }

  /** A surviving row as it is kept. */
  keep({ row, order, isEdge }: Survivor): string {
    const stored: EncodedRow = {
      o: order,
      c: this.kept.map((index, i) => encodeValue(row[index]!, this.leg.columns[i]!.type)),
      ...(isEdge ? { e: 1 as const } : {}),
    };
    return JSON.stringify(stored);
  }
}

/** A group as JSON in the store: keys, aggregate states, canonical order of its first row; `e`: its rows stand on the first tick of a pane. */
export interface EncodedGroup {
  readonly k: readonly Encoded[];
  readonly a: readonly Encoded[];
  readonly o: string;
  readonly e?: 1;
}

/** A kept row as JSON in the store: canonical order, cells; `e` as in a group. */
export interface EncodedRow {
  readonly o: string;
  readonly c: readonly Encoded[];
  readonly e?: 1;
}

export const parseGroup = (stored: string): EncodedGroup => JSON.parse(stored) as EncodedGroup;
export const parseRow = (stored: string): EncodedRow => JSON.parse(stored) as EncodedRow;

function prepareBranch(branch: Branch, index: number): PreparedBranch {
  const steps: PreparedOperator[] = [];
  let schema: Schema = branch.columns;
  for (const op of branch.ops) {
    const step = prepareOperator(op, schema);
    if (step.kind !== 'row' && step.kind !== 'expand') throw new Error(`'${op.op}' cannot run when an event arrives`);
    steps.push(step);
    schema = step.schema;
  }
  const time = branch.columns.findIndex(({ name }) => name === TIME_COLUMN);
  return { branch, index, read: rowReader(branch.columns), time, steps };
}

function outputOf(branch: PreparedBranch): Schema {
  const last = branch.steps.at(-1);
  return last && last.kind !== 'dataBound' ? last.schema : branch.branch.columns;
}
