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
import { firstFilters, type SharedCondition, type SharedPart, sharedPart } from './shared-part';
import { cellReader } from './source-row';

/** A leg that an event may come through, with how far the event is in each of its branches. */
export interface Reached<L> {
  readonly leg: L;
  /** By index of the branch; absent: its first operators dropped the event. */
  readonly starts: (BranchStart | Error | undefined)[];
}

/** A branch of a leg. */
export interface Member<L> {
  readonly leg: L;
  readonly index: number;
}

/** Where a branch leaves what is shared. */
interface End<L> extends Member<L> {
  part: SharedPart;
  /** What makes the cells of its row there; undefined: not reached yet. */
  cells?: readonly PreparedExpr['eval'][];
}

interface Check {
  readonly evaluate: PreparedExpr['eval'];
  readonly isOnlyTried: boolean;
}

/** A path with its conditions in the order of the query. */
interface Chain<L> {
  readonly path: Path<End<L>>;
  first?: readonly Check[];
  rest?: readonly Check[];
}

/** The legs that were reached, each once. */
export class Found<L> {
  readonly list: Reached<L>[] = [];

  /** `only`: others are not asked for. */
  constructor(private readonly only: ReadonlySet<L> | undefined) {}

  has(leg: L): boolean {
    return this.only === undefined || this.only.has(leg);
  }

  /** A leg has few branches, which are reached one after another as a rule. */
  start({ leg, index }: Member<L>, value: BranchStart | Error): void {
    if (!this.has(leg)) return;
    let reached = leg === this.list.at(-1)?.leg ? this.list.at(-1) : this.list.find((one) => one.leg === leg);
    if (!reached) {
      reached = { leg, starts: [] };
      this.list.push(reached);
    }
    reached.starts[index] = value;
  }
}

/** Branches that read the table's columns as the same types. */
export class Layout<L extends { readonly runner: LegRunner }> {
  private readonly graph: ExprGraph;
  private readonly time: PreparedExpr['eval'];
  private readonly sources: PreparedExpr['eval'][];
  private readonly begin: Way<End<L>>;
  private readonly chains = new Map<L, Chain<L>[]>();
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
    for (const path of paths) {
      const same = this.chains.get(path.end.leg);
      if (same) same.push({ path });
      else this.chains.set(path.end.leg, [{ path }]);
    }
  }

  private pathOf({ leg, index }: Member<L>): Path<End<L>> {
    const { graph } = this;
    const { ops, columns } = leg.runner.leg.branches[index]!;
    const own = new Map(columns.map(({ name }) => [name, graph.columns.get(name)!]));
    const filters = firstFilters(ops, own, graph);
    const end: End<L> = { leg, index, part: filters };
    let known: readonly SharedCondition[] | undefined;
    const more = () => {
      if (known) return known;
      const rest = sharedPart(ops.slice(filters.operators), own, graph);
      end.part = { ...rest, operators: filters.operators + rest.operators };
      for (const { cell } of rest.conditions) graph.use(cell);
      for (const cell of rest.columns.values()) graph.use(cell);
      known = rest.conditions;
      return known;
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
    this.begins(event, found);
    this.go(this.begin);
  }

  /** As `visit`, where all but these legs are known to drop the event. */
  follow(event: SourceEvent, legs: readonly L[], found: Found<L>): void {
    this.begins(event, found);
    for (const leg of legs) for (const chain of this.chains.get(leg) ?? []) this.goAlong(chain);
  }

  private begins(event: SourceEvent, found: Found<L>): void {
    this.event = event;
    this.found = found;
    this.row = this.graph.begin();
  }

  private goAlong(chain: Chain<L>): void {
    const { path } = chain;
    const holds = ({ evaluate, isOnlyTried }: Check): boolean => {
      meter.refill();
      return evaluate(this.row, this.runtime) === true || isOnlyTried;
    };
    try {
      chain.first ??= path.conditions.map((condition) => this.checkOf(condition));
      if (!chain.first.every(holds)) return;
      chain.rest ??= path.more?.().map((condition) => this.checkOf(condition)) ?? [];
      if (!chain.rest.every(holds)) return;
    } catch (error) {
      this.found.start(path.end, error as Error);
      return;
    }
    this.reach(path.end);
  }

  private checkOf({ cell, isOnlyTried }: SharedCondition): Check {
    return { evaluate: isOnlyTried ? this.graph.evalOf(cell) : this.graph.evalAs(cell, 'bool'), isOnlyTried };
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
    if (!this.found.has(end.leg)) return;
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
