import { type Column, createRuntime, INGESTION_COLUMN, KqlError, type Row, TIME_COLUMN } from '../kql';
import type { BranchStart, LegRunner, SourceEvent } from './leg-runner';
import { type SharedStep, sharedSteps } from './shared-steps';
import { type CellReader, cellReader } from './source-row';
import { type StageNode, StageTree } from './stage-tree';

/** A leg that something of an event has reached, with where each of its branches goes on. */
export interface Reached<L> {
  readonly leg: L;
  /** By branch; absent: the branch's shared operators dropped the event. */
  readonly starts: (BranchStart | KqlError | undefined)[];
}

/**
 * The beginnings of the row stages of all legs that read one table. An event's fields are converted once, when first asked for, and operators
 * that several legs begin with are run once for all of them: the cost of an event grows with what tells the legs apart, not with their number.
 */
export class SharedStages<L extends { readonly runner: LegRunner }> {
  private readonly layouts: Layout<L>[] = [];
  // Early stages look neither at the clock nor at tables.
  private readonly runtime = createRuntime({ now: 0n });

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
    for (const { columns, members } of groups) this.layouts.push(layoutOf([...columns.values()], members));
  }

  /** The legs that an event of the table may come through; `survivorsFrom` of each tells. */
  reached(event: SourceEvent): readonly Reached<L>[] {
    if (event.table !== this.table) return [];
    let found: Map<L, Reached<L>> | undefined;
    for (const { tree, readers, time, ingestion } of this.layouts) {
      const cells: Row = new Array(readers.length);
      const fill = (row: Row, slots: readonly number[]): void => {
        for (const slot of slots) {
          if (row[slot] !== undefined) continue;
          // When the hub took an event in is asked for only where a leg looks at it: it may have to be worked out.
          if (cells[slot] === undefined)
            cells[slot] = slot === ingestion ? event.ingestion : readers[slot]!(event.fields, 0n);
          row[slot] = cells[slot]!;
        }
      };
      const start = ({ leg, index }: End<L>, value: BranchStart | KqlError): void => {
        found ??= new Map();
        let reached = found.get(leg);
        if (!reached) {
          reached = { leg, starts: [] };
          found.set(leg, reached);
        }
        reached.starts[index] = value;
      };
      const visit = (node: StageNode<End<L>>, row: Row): void => {
        for (const end of node.ends) {
          fill(row, end.take);
          fill(cells, time);
          start(end, {
            row: end.take.map((slot) => row[slot]!),
            from: end.from,
            time: cells[time[0]!] as bigint | null,
          });
        }
        for (const child of node.children) {
          fill(row, child.reads);
          let next: Row | null;
          try {
            next = child.map(row, this.runtime);
          } catch (error) {
            if (!(error instanceof KqlError)) throw error;
            for (const end of child.allEnds()) start(end, error);
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

/** Where a branch leaves the tree: how many of its operators have run, and where its columns stand. */
interface End<L> {
  readonly leg: L;
  readonly index: number;
  readonly from: number;
  readonly take: readonly number[];
}

interface Layout<L> {
  readonly tree: StageTree<End<L>>;
  readonly readers: readonly CellReader[];
  /** The slot of the event's own time. */
  readonly time: readonly number[];
  /** The slot of when the hub took it in, or -1. */
  readonly ingestion: number;
}

function layoutOf<L extends { readonly runner: LegRunner }>(columns: readonly Column[], members: readonly Member<L>[]) {
  const tree = new StageTree<End<L>>(columns);
  for (const { leg, index, steps } of members) {
    const node = tree.follow(steps);
    const from = steps.at(-1)?.ops ?? 0;
    const take = leg.runner
      .schemaAt(index, from)
      .map(({ name }) => node.schema.findIndex((column) => column.name === name));
    node.ends.push({ leg, index, from, take });
  }
  const time = columns.findIndex(({ name }) => name === TIME_COLUMN);
  const ingestion = columns.findIndex(({ name }) => name === INGESTION_COLUMN);
  return { tree, readers: columns.map(cellReader), time: [time], ingestion };
}
