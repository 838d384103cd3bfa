import {
  type Group,
  KqlError,
  type PreparedOperator,
  type PreparedSummarize,
  prepareOperator,
  prepareSummarize,
  type Row,
  type Runtime,
  type Schema,
  TIME_COLUMN,
} from '../../src/kql';
import { contentHash, orderText, placeText } from '../../src/streaming/canonical-order';
import { cellReader, type Fields, rowReader } from '../../src/streaming/source-row';
import type { Branch, Leg } from '../../src/streaming/stream-plan';

/** One event on its way through a leg. */
interface Arrival {
  readonly fields: Fields;
  readonly branch: number;
  /** TimeGenerated, ticks; undefined where the table has none: its rows stay in the order of the file. */
  readonly time: bigint | undefined;
  /** Of the event in its file. */
  readonly number: number;
}

interface PreparedBranch {
  readonly table: string;
  readonly read: ReturnType<typeof rowReader>;
  readonly steps: readonly PreparedOperator[];
  readonly hasTime: boolean;
}

interface HeldGroup {
  readonly group: Group;
  first: Arrival;
  firstRow: number;
}

const readTime = cellReader({ name: TIME_COLUMN, type: 'datetime' });
/** Of rows without a time, which come first. */
const NO_TIME = -1n;
/** Rows beyond those that are asked for, that may gather before they are let go. */
const SLACK = 1_000;

/**
 * One use of a table in a query, fed with the table's events in any order: rows that its first operators leave, or the groups that they fall
 * into, are all that is held. What comes out is in canonical order, as if the operators had run over the whole table.
 */
export class QueryLeg {
  private readonly branches: readonly PreparedBranch[];
  private readonly summarize: PreparedSummarize | undefined;
  private readonly kept: readonly number[];
  private rows: { readonly order: string; readonly row: Row }[] = [];
  private readonly groups = new Map<string, HeldGroup>();

  /**
   * @param timed the tables whose rows have a time to be put in order by
   * @param most rows that are asked for at most, the first of all
   */
  constructor(
    leg: Leg,
    private readonly runtime: Runtime,
    timed: ReadonlySet<string>,
    private readonly most = Number.POSITIVE_INFINITY,
  ) {
    this.branches = leg.branches.map((branch) => prepareBranch(branch, timed));
    const schema = schemaAfter(leg.branches[0]!, this.branches[0]!);
    this.summarize = leg.group ? prepareSummarize(leg.group, schema) : undefined;
    this.kept = leg.columns.map(({ name }) => schema.findIndex((column) => column.name === name));
  }

  /** @param number of the event in its file. Throws KqlError of kind `run`. */
  add(table: string, fields: Fields, number: number): void {
    for (const [branch, { table: own, read, steps, hasTime }] of this.branches.entries()) {
      if (own !== table) continue;
      const rows = rowStage(steps, read(fields, 0n), this.runtime);
      if (rows.length === 0) continue;
      const time = hasTime ? ((readTime(fields, 0n) as bigint | null) ?? NO_TIME) : undefined;
      const arrival: Arrival = { fields, branch, time, number };
      for (const [i, row] of rows.entries()) {
        if (this.summarize) this.group(this.summarize, row, arrival, i);
        else this.keep(row, arrival, i);
      }
    }
  }

  /** What a `state` source over this leg stands for. */
  result(): readonly Row[] {
    const { summarize } = this;
    if (!summarize) return this.inOrder().map(({ row }) => row);
    if (this.groups.size === 0 && summarize.keyCount === 0) return [summarize.result(summarize.create([]))];
    return [...this.groups.values()]
      .sort((a, b) => compareArrivals(a.first, a.firstRow, b.first, b.firstRow))
      .map(({ group }) => summarize.result(group));
  }

  private keep(row: Row, arrival: Arrival, ordinal: number): void {
    const { rows, most, runtime } = this;
    rows.push({ order: orderOf(arrival, ordinal), row: this.kept.map((index) => row[index]!) });
    if (rows.length > 2 * most + SLACK) this.rows = this.inOrder();
    else if (rows.length > runtime.maxRows)
      throw new KqlError('run', `more than ${runtime.maxRows} rows in one step: narrow the query earlier`);
  }

  private inOrder(): { order: string; row: Row }[] {
    const sorted = [...this.rows].sort((a, b) => (a.order < b.order ? -1 : a.order > b.order ? 1 : 0));
    return sorted.slice(0, this.most);
  }

  private group(summarize: PreparedSummarize, row: Row, arrival: Arrival, ordinal: number): void {
    const keys = summarize.keysOf(row, this.runtime);
    const text = summarize.keyCount === 0 ? '' : summarize.keyText(keys);
    let held = this.groups.get(text);
    if (!held) {
      if (this.groups.size >= this.runtime.maxRows)
        throw new KqlError('run', `summarize holds more than ${this.runtime.maxRows} groups`);
      held = { group: summarize.create(keys), first: arrival, firstRow: ordinal };
      this.groups.set(text, held);
    } else if (compareArrivals(arrival, ordinal, held.first, held.firstRow) < 0) {
      held.first = arrival;
      held.firstRow = ordinal;
    }
    // The order is dear, and few aggregates ask for it.
    summarize.add(held.group, row, summarize.ordered ? orderOf(arrival, ordinal) : 0, this.runtime);
  }
}

function prepareBranch({ table, columns, ops }: Branch, timed: ReadonlySet<string>): PreparedBranch {
  const steps: PreparedOperator[] = [];
  let schema: Schema = columns;
  for (const op of ops) {
    const step = prepareOperator(op, schema);
    if (step.kind !== 'row' && step.kind !== 'expand') throw new Error(`'${op.op}' does not look at single rows`);
    steps.push(step);
    schema = step.schema;
  }
  return { table, read: rowReader(columns), steps, hasTime: timed.has(table) };
}

function schemaAfter({ columns }: Branch, { steps }: PreparedBranch): Schema {
  const last = steps.at(-1);
  return last && last.kind !== 'dataBound' ? last.schema : columns;
}

function rowStage(steps: readonly PreparedOperator[], first: Row, runtime: Runtime): readonly Row[] {
  let rows: Row[] = [first];
  for (const step of steps) {
    const next: Row[] = [];
    for (const row of rows) {
      if (step.kind === 'row') {
        const mapped = step.map(row, runtime);
        if (mapped) next.push(mapped);
      } else if (step.kind === 'expand') next.push(...step.expand(row, runtime));
    }
    if (next.length === 0) return next;
    rows = next;
  }
  return rows;
}

const hashOf = ({ fields, time }: Arrival): string => (time === undefined ? '' : contentHash(fields));

const orderOf = (arrival: Arrival, ordinal: number): string =>
  orderText(
    arrival.branch,
    placeText(arrival.time ?? 0n, hashOf(arrival), String(arrival.number).padStart(12, '0')),
    ordinal,
  );

/** As their orders compare as texts. The content is looked at only where times are equal. */
function compareArrivals(a: Arrival, ordinalA: number, b: Arrival, ordinalB: number): number {
  if (a.branch !== b.branch) return a.branch - b.branch;
  const [timeA, timeB] = [a.time ?? 0n, b.time ?? 0n];
  if (timeA !== timeB) return timeA < timeB ? -1 : 1;
  const [hashA, hashB] = [hashOf(a), hashOf(b)];
  if (hashA !== hashB) return hashA < hashB ? -1 : 1;
  return a.number - b.number || ordinalA - ordinalB;
}
