import {
  type Column,
  createGraph,
  createRuntime,
  type ExprGraph,
  foldText,
  INGESTION_COLUMN,
  meter,
  neededBy,
  nullOf,
  type PreparedExpr,
  ROW_STAGE_LIMITS,
  type Row,
  TIME_COLUMN,
  type Value,
} from '../kql';
import { type Path, type Search, type Step, type Switch, Way } from './decision';
import type { BranchStart, LegRunner, SourceEvent } from './leg-runner';
import { firstFilters, type SharedPart, sharedPart } from './shared-part';
import { cellReader } from './source-row';

/** A leg that an event may come through, with how far the event is in each of its branches. */
export interface Reached<L> {
  readonly leg: L;
  /** By index of the branch; absent: its first operators dropped the event. */
  readonly starts: (BranchStart | Error | undefined)[];
}

/**
 * The first operators of the row stages of all legs that read one table, run together. Each field of an event is converted once, when it is
 * first read; each expression is evaluated once, however many legs have it; and conditions on the same column are one look-up for all legs:
 * many rules over one table cost little more than one.
 */
export class SharedStages<L extends { readonly runner: LegRunner }> {
  private readonly layouts: Layout<L>[] = [];

  /** Throws KqlError where a plan does not fit this engine. */
  constructor(
    private readonly table: string,
    legs: readonly L[],
  ) {
    const groups: { columns: Map<string, Column>; members: Member<L>[] }[] = [];
    for (const leg of legs) {
      leg.runner.leg.branches.forEach((branch, index) => {
        if (branch.table !== table) return;
        const fits = (columns: ReadonlyMap<string, Column>): boolean =>
          branch.columns.every(({ name, type }) => (columns.get(name)?.type ?? type) === type);
        let group = groups.find(({ columns }) => fits(columns));
        if (!group) {
          group = { columns: new Map(), members: [] };
          groups.push(group);
        }
        for (const column of branch.columns) group.columns.set(column.name, column);
        group.members.push({ leg, index });
      });
    }
    this.layouts = groups.map(({ columns, members }) => new Layout([...columns.values()], members));
  }

  /** The legs that an event has not been dropped by yet; `survivorsFrom` of each does the rest. */
  reached(event: SourceEvent): readonly Reached<L>[] {
    if (event.table !== this.table) return NONE;
    const found = new Found<L>();
    try {
      for (const layout of this.layouts) layout.visit(event, found);
    } finally {
      meter.open();
    }
    return found.list;
  }
}

const NONE: readonly never[] = [];

interface Member<L> {
  readonly leg: L;
  readonly index: number;
}

/** Where a branch leaves what is shared. */
interface End<L> extends Member<L> {
  part: SharedPart;
  /** What makes the cells of its row there; undefined: not reached yet. */
  cells?: readonly PreparedExpr['eval'][];
}

/** Legs that were reached, each once. */
class Found<L> {
  readonly list: Reached<L>[] = [];

  /** A leg has few branches, which are reached one after another as a rule. */
  start({ leg, index }: Member<L>, value: BranchStart | Error): void {
    let reached = leg === this.list.at(-1)?.leg ? this.list.at(-1) : this.list.find((one) => one.leg === leg);
    if (!reached) {
      reached = { leg, starts: [] };
      this.list.push(reached);
    }
    reached.starts[index] = value;
  }
}

/** Branches that read the table's columns as the same types. */
class Layout<L extends { readonly runner: LegRunner }> {
  private readonly graph: ExprGraph;
  private readonly time: PreparedExpr['eval'];
  private readonly sources: PreparedExpr['eval'][];
  private readonly begin: Way<End<L>>;
  // A row stage looks neither at the clock nor at tables.
  private readonly runtime = createRuntime({ now: 0n, maxRows: ROW_STAGE_LIMITS.rows });
  /** The event that is looked at. */
  private event!: SourceEvent;
  private row!: Row;
  private found!: Found<L>;

  constructor(columns: readonly Column[], members: readonly Member<L>[]) {
    const readers = columns.map((column): (() => Value) => {
      // The ingestion time is computed only where a leg reads it: in a replay it has to be parsed.
      if (column.name === INGESTION_COLUMN) return () => this.event.ingestion;
      const read = cellReader(column);
      return () => read(this.event.fields, 0n);
    });
    this.graph = createGraph(columns, readers);
    this.sources = columns.map(({ name }) => this.graph.evalOf(this.graph.columns.get(name)!));
    const time = this.graph.columns.get(TIME_COLUMN);
    this.time = time ? this.graph.evalOf(time) : () => null;
    const paths = members.map((member) => this.pathOf(member));
    this.begin = new Way(paths, this.graph);
  }

  private pathOf({ leg, index }: Member<L>): Path<End<L>> {
    const { graph } = this;
    const { ops, columns } = leg.runner.leg.branches[index]!;
    const own = new Map(columns.map(({ name }) => [name, graph.columns.get(name)!]));
    const filters = firstFilters(ops, own, graph);
    const end: End<L> = { leg, index, part: filters };
    const more = () => {
      const rest = sharedPart(ops.slice(filters.operators), own, graph);
      end.part = { ...rest, operators: filters.operators + rest.operators };
      for (const { cell } of rest.conditions) graph.use(cell);
      for (const cell of rest.columns.values()) graph.use(cell);
      return rest.conditions;
    };
    for (const { cell } of filters.conditions) graph.use(cell);
    return { conditions: filters.conditions, more, end };
  }

  /** The cells of the columns that the rest of the branch reads; others are null. */
  private cellsOf({ leg, index, part }: End<L>): readonly PreparedExpr['eval'][] {
    const { branches, group, columns } = leg.runner.leg;
    const behind = [...branches[index]!.ops.slice(part.operators), ...(group ? [group] : [])];
    const needed = neededBy(behind, new Set(columns.map(({ name }) => name)));
    return leg.runner
      .schemaAt(index, part.operators)
      .map(({ name, type }) =>
        needed === 'all' || needed.has(name) ? this.graph.evalOf(part.columns.get(name)!) : () => nullOf(type),
      );
  }

  visit(event: SourceEvent, found: Found<L>): void {
    this.event = event;
    this.found = found;
    this.row = this.graph.begin();
    this.go(this.begin);
  }

  private go(way: Way<End<L>>): void {
    const { ends, switches, searches, steps } = way.decision;
    for (let i = 0; i < ends.length; i++) this.reach(ends[i]!);
    for (let i = 0; i < switches.length; i++) this.choose(switches[i]!);
    for (let i = 0; i < searches.length; i++) this.search(searches[i]!);
    for (let i = 0; i < steps.length; i++) this.step(steps[i]!);
  }

  private choose({ source, isFolded, ways }: Switch<End<L>>): void {
    const value = this.sources[source]!(this.row, this.runtime);
    const way = ways.get(isFolded ? foldText(value as string) : (value as string | number));
    if (way) this.go(way);
  }

  private search({ text, unlessIn, set, waysOf, ways }: Search<End<L>>): void {
    let value: string | undefined;
    try {
      meter.refill();
      value = text(this.row, this.runtime) as string;
    } catch {
      // Each way meets the error where it looks for itself, if it comes so far.
    }
    if (value === undefined || unlessIn?.test(value)) {
      for (const way of ways) this.step(way);
      return;
    }
    const found = set.search(value);
    if (!found) return;
    const open = new Set<number>();
    for (const number of found) for (const way of waysOf[number]!) open.add(way);
    for (const way of open) this.step(ways[way]!);
  }

  private step({ holds, isOnlyTried, next, ends }: Step<End<L>>): void {
    let value: Value;
    try {
      // What goes beyond the limits fails the rules that share it, and no others.
      meter.refill();
      value = holds(this.row, this.runtime);
    } catch (error) {
      for (const end of ends) this.found.start(end, error as Error);
      return;
    }
    if (value === true || isOnlyTried) this.go(next);
  }

  private reach(end: End<L>): void {
    let start: BranchStart | Error;
    try {
      meter.refill();
      const { row, runtime } = this;
      const cells: Row = [];
      end.cells ??= this.cellsOf(end);
      for (const cell of end.cells) cells.push(cell(row, runtime));
      start = { row: cells, from: end.part.operators, time: this.time(row, runtime) as bigint | null };
    } catch (error) {
      start = error as Error;
    }
    this.found.start(end, start);
  }
}
