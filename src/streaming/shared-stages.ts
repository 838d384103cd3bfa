import { type Column, meter } from '../kql';
import type { LegRunner, SourceEvent } from './leg-runner';
import { Found, Layout, type Member, type Reached } from './shared-layout';

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

  /**
   * The legs that an event has not been dropped by yet; `survivorsFrom` of each does the rest. `only`: no others are asked for; undefined: all
   * are.
   */
  reached(event: SourceEvent, only?: readonly L[]): readonly Reached<L>[] {
    if (event.table !== this.table) return NONE;
    const found = new Found<L>(only && only.length > FEW ? new Set(only) : undefined);
    try {
      for (const layout of this.layouts) {
        if (only && only.length <= FEW) layout.follow(event, only, found);
        else layout.visit(event, found);
      }
    } finally {
      meter.open();
    }
    return found.list;
  }
}

const NONE: readonly never[] = [];
/** So few legs are gone one by one: what they share is evaluated once all the same. */
const FEW = 8;
