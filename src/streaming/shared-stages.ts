import { type Column, createRuntime, INGESTION_COLUMN, meter, ROW_STAGE_LIMITS, type Row, TIME_COLUMN } from '../kql';
import type { BranchStart, LegRunner, SourceEvent } from './leg-runner';
import { type SharedStep, sharedSteps } from './shared-steps';
import { type CellReader, cellReader } from './source-row';
import { StageTree, type StepNode } from './stage-tree';

/** A leg that an event may come through, with how far the event is in each of its branches. */
export interface Reached<L> {
  readonly leg: L;
  /** By index of the branch; absent: its first operators dropped the event. */
  readonly starts: (BranchStart | Error | undefined)[];
}

/**
 * The first operators of the row stages of all legs that read one table, run together. Each field of an event is converted once, when it is
 * first read, and an operator that several legs begin with runs once for all of them: many rules over one table cost little more than one.
 */
export class SharedStages<L extends { readonly runner: LegRunner }> {
  private readonly layouts: Layout<L>[] = [];
  /** Where the branches of a leg leave their trees. */
  private readonly places = new Map<L, (readonly [StepNode<End<L>>, End<L>])[]>();
  private marks = 0;
  // A row stage looks neither at the clock nor at tables.
  private readonly runtime = createRuntime({ now: 0n, maxRows: ROW_STAGE_LIMITS.rows });

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
        group.members.push({ leg, index, steps: sharedSteps(branch.ops) });
      });
    }
    for (const { columns, members } of groups) this.layouts.push(layoutOf([...columns.values()], members, this.places));
  }

  /** The legs that an event has not been dropped by yet; `survivorsFrom` of each does the rest. */
  /** `only`: no others are asked for; undefined: all are. */
  reached(event: SourceEvent, only?: readonly L[]): readonly Reached<L>[] {
    if (event.table !== this.table) return [];
    try {
      if (only) this.mark(only);
      return this.metered(event, only ? this.marks : 0);
    } finally {
      meter.open();
    }
  }

  /** Marks the nodes on the way to these legs. */
  private mark(only: readonly L[]): void {
    this.marks++;
    for (const leg of only)
      for (const [node, end] of this.places.get(leg) ?? []) {
        end.mark = this.marks;
        for (let at: StepNode<End<L>> | undefined = node; at && at.mark !== this.marks; at = at.parent)
          at.mark = this.marks;
      }
  }

  /** `mark`: no node of another one is visited; 0: all are. */
  private metered(event: SourceEvent, mark: number): readonly Reached<L>[] {
    let found: Map<L, Reached<L>> | undefined;
    for (const { tree, readers, time, ingestion } of this.layouts) {
      const cells: Row = new Array(readers.length);
      const fill = (row: Row, slots: readonly number[]): void => {
        for (const slot of slots) {
          if (row[slot] !== undefined) continue;
          // The ingestion time is computed only where a leg reads it: in a replay it has to be parsed.
          if (cells[slot] === undefined)
            cells[slot] = slot === ingestion ? event.ingestion : readers[slot]!(event.fields, 0n);
          row[slot] = cells[slot]!;
        }
      };
      const start = ({ leg, index }: End<L>, value: BranchStart | Error): void => {
        found ??= new Map();
        let reached = found.get(leg);
        if (!reached) {
          reached = { leg, starts: [] };
          found.set(leg, reached);
        }
        reached.starts[index] = value;
      };
      const visit = (node: StepNode<End<L>>, row: Row): void => {
        for (const end of node.ends) {
          if (mark !== 0 && end.mark !== mark) continue;
          fill(row, end.take);
          fill(cells, time);
          start(end, {
            row: end.take.map((slot) => row[slot]!),
            from: end.from,
            time: cells[time[0]!] as bigint | null,
          });
        }
        for (const child of node.children) {
          if (mark !== 0 && child.mark !== mark) continue;
          fill(row, child.reads);
          let next: Row | null;
          try {
            // An operator that goes beyond the limits fails the rules that share it, and no others.
            meter.refill();
            next = child.map(row, this.runtime);
          } catch (error) {
            for (const end of child.allEnds()) start(end, error as Error);
            continue;
          }
          if (next !== null) visit(child, next);
        }
      };
      visit(tree.root, cells);
    }
    return found ? [...found.values()] : NONE;
  }
}

const NONE: readonly never[] = [];

interface Member<L> {
  readonly leg: L;
  readonly index: number;
  readonly steps: readonly SharedStep[];
}

/** Where a branch leaves the tree: how many of its operators have run, and the slots of its columns in the row. */
interface End<L> {
  readonly leg: L;
  readonly index: number;
  readonly from: number;
  readonly take: readonly number[];
  /** Of the event for which it was last asked for. */
  mark: number;
}

interface Layout<L> {
  readonly tree: StageTree<End<L>>;
  readonly readers: readonly CellReader[];
  /** The slot of the event's own time. */
  readonly time: readonly number[];
  /** The slot of when the hub took it in, or -1. */
  readonly ingestion: number;
}

function layoutOf<L extends { readonly runner: LegRunner }>(
  columns: readonly Column[],
  members: readonly Member<L>[],
  places: Map<L, (readonly [StepNode<End<L>>, End<L>])[]>,
) {
  const tree = new StageTree<End<L>>(columns);
  for (const { leg, index, steps } of members) {
    const node = tree.follow(steps);
    const from = steps.at(-1)?.ops ?? 0;
    const take = leg.runner
      .schemaAt(index, from)
      .map(({ name }) => node.schema.findIndex((column) => column.name === name));
    const end: End<L> = { leg, index, from, take, mark: 0 };
    node.ends.push(end);
    places.set(leg, [...(places.get(leg) ?? []), [node, end]]);
  }
  const time = columns.findIndex(({ name }) => name === TIME_COLUMN);
  const ingestion = columns.findIndex(({ name }) => name === INGESTION_COLUMN);
  return { tree, readers: columns.map(cellReader), time: [time], ingestion };
}
