import {
  checkNames,
  createRuntime,
  decodeValue,
  type Encoded,
  encodeValue,
  type Group,
  KqlError,
  meter,
  type PreparedOperator,
  type PreparedSummarize,
  prepareOperator,
  prepareSummarize,
  ROW_STAGE_LIMITS,
  type Row,
  type Runtime,
  type Schema,
  TIME_COLUMN,
} from '../kql';
import { instantOf, type SourceEvent } from './event-place';
import { RecentGroups } from './recent-groups';
import { rowReader } from './source-row';
import type { Branch, Leg, TimeBasis } from './stream-plan';
import { Survivor } from './survivor';

export type { SourceEvent } from './event-place';
export type { Survivor } from './survivor';

/** A group with what is stored beside it. */
interface KnownGroup {
  readonly group: Group;
  readonly keys: readonly Encoded[];
  readonly first: string;
  readonly isEdge: boolean;
}

interface PreparedBranch {
  readonly branch: Branch;
  readonly index: number;
  readonly read: ReturnType<typeof rowReader>;
  readonly time: number;
  readonly steps: readonly PreparedOperator[];
}

/** An event that has passed the first operators of a branch. */
export interface BranchStart {
  readonly row: Row;
  /** How many operators of the branch have run. */
  readonly from: number;
  /** The event's own TimeGenerated, ticks. */
  readonly time: bigint | null;
}

/** A leg ready to run: its row stage, and the folding of rows into stored state. It is bound when it is first needed. */
export class LegRunner {
  readonly tables: ReadonlySet<string>;
  private bound: BoundLeg | undefined;
  private readonly recent = new RecentGroups<KnownGroup>();
  private readonly runtime: Runtime;

  /** Throws KqlError where the plan names what this engine does not know. */
  constructor(
    readonly leg: Leg,
    readonly paneMs: number,
    /** What panes are cut by. */
    readonly timeBasis: TimeBasis = 'event',
  ) {
    for (const { ops } of leg.branches) checkNames(ops);
    if (leg.group) checkNames(leg.group);
    this.tables = new Set(leg.branches.map((branch) => branch.table));
    // A row stage looks neither at the clock nor at tables.
    this.runtime = createRuntime({ now: 0n, maxRows: ROW_STAGE_LIMITS.rows });
  }

  private get ready(): BoundLeg {
    this.bound ??= bindLeg(this.leg);
    return this.bound;
  }

  get summarize(): PreparedSummarize | undefined {
    return this.ready.summarize;
  }

  /** The rows that an event gives after the row stage, in order. Throws KqlError of kind `run`. */
  survivors(event: SourceEvent): Survivor[] {
    const starts = this.ready.branches.map((branch): BranchStart | undefined => {
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
    for (const branch of this.ready.branches) {
      const start = starts[branch.index];
      if (start === undefined) continue;
      if (start instanceof Error) throw start;
      const rows = this.rowStage(branch, start);
      if (rows.length === 0) continue;
      const stamped = start.time;
      const ticks = this.timeBasis === 'ingestion' ? event.ingestion : stamped;
      if (ticks === null || stamped === null) throw new KqlError('run', 'the event has no TimeGenerated');
      const { ms, isWhole } = instantOf(ticks);
      const paneStart = Math.floor(ms / this.paneMs) * this.paneMs;
      const isEdge = isWhole && ms === paneStart;
      for (const row of rows) {
        const groupKey = this.groupKeyOf(row, isEdge);
        result.push(new Survivor(paneStart, isEdge, row, groupKey, event, stamped, branch.index, result.length));
      }
    }
    return result;
  }

  /** Columns of a branch's rows after its first `operators` operators. */
  schemaAt(branch: number, operators: number): Schema {
    const { branch: source, steps } = this.ready.branches[branch]!;
    const last = steps[operators - 1];
    return last && last.kind !== 'dataBound' ? last.schema : source.columns;
  }

  private groupKeyOf(row: Row, isEdge: boolean): string | undefined {
    const { summarize } = this.ready;
    if (!summarize) return undefined;
    // Rows on the first tick of a pane form groups of their own, so that a bound such as `> ago(1d)` can leave them out.
    return `${isEdge ? '!' : '.'}${summarize.keyText(summarize.keysOf(row, this.runtime))}`;
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
    const known = stored === undefined ? undefined : (this.recent.take(stored) ?? this.read(stored));
    const group = known?.group ?? summarize.create(summarize.keysOf(survivors[0]!.row, this.runtime));
    const keys = known?.keys ?? group.keys.map((value, i) => encodeValue(value, summarize.schema[i]!.type));
    let first = known?.first;
    try {
      for (const survivor of survivors) {
        meter.refill();
        summarize.add(group, survivor.row, summarize.ordered ? survivor.order : '', this.runtime);
        if (first === undefined || survivor.isBefore(first)) first = survivor.order;
      }
    } finally {
      meter.open();
    }
    const isEdge = survivors[0]!.isEdge || (known?.isEdge ?? false);
    const encoded: EncodedGroup = {
      k: keys,
      a: summarize.save(group),
      o: first!,
      ...(isEdge ? { e: 1 as const } : {}),
    };
    const text = JSON.stringify(encoded);
    this.recent.keep(text, { group, keys, first: first!, isEdge });
    return text;
  }

  private read(stored: string): KnownGroup {
    const summarize = this.summarize!;
    const { k, a, o, e } = parseGroup(stored);
    const keys = k.map((value, i) => decodeValue(value, summarize.schema[i]!.type));
    return { group: summarize.load(keys, a), keys: k, first: o, isEdge: e !== undefined };
  }

  /** A surviving row as it is kept. */
  keep({ row, order, isEdge }: Survivor): string {
    const stored: EncodedRow = {
      o: order,
      c: this.ready.kept.map((index, i) => encodeValue(row[index]!, this.leg.columns[i]!.type)),
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

interface BoundLeg {
  readonly branches: readonly PreparedBranch[];
  /** Positions of the leg's columns after the row stage. */
  readonly kept: readonly number[];
  readonly summarize: PreparedSummarize | undefined;
}

function bindLeg({ branches, group, columns }: Leg): BoundLeg {
  const prepared = branches.map(prepareBranch);
  const schema = outputOf(prepared[0]!);
  return {
    branches: prepared,
    kept: columns.map(({ name }) => schema.findIndex((column) => column.name === name)),
    summarize: group && prepareSummarize(group, schema),
  };
}

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
