import { exprText, factsOf, isHidden, type Op, type Pipeline, pipelinesIn, pipelinesOf } from '../../kql';
import { DEFAULTS } from '../../plan/defaults';
import type { RulePlan } from '../../plan/rule-plan';
import type { Leg } from '../../streaming/stream-plan';
import { allStages, type StageNode } from './stages';

/** Where a stage does its work; `window`: the window's own bounds do it. */
export type RunsAt = 'arrival' | 'groups' | 'flush' | 'window';

/** What a rule keeps between the arrival of events and the end of a window, of one use of its tables. */
export interface KeptState {
  readonly tables: readonly string[];
  /** Numbers of the stages that run when an event arrives. */
  readonly arrival: readonly string[];
  readonly kind: 'groups' | 'rows';
  /** Of a row: what is kept of each. Of a group: its keys. */
  readonly columns: readonly string[];
  /** Of a group: partial aggregates. */
  readonly aggregates: readonly string[];
  /** No filter runs on arrival: every row of the table is kept, or counted. */
  readonly isUnfiltered: boolean;
}

export interface Placement {
  /** By stage number. */
  readonly runs: ReadonlyMap<string, readonly RunsAt[]>;
  readonly state: readonly KeptState[];
  readonly paneMs: number;
  readonly panesPerWindow: number;
  /** How long a pane is kept when its last window has run: an event may come this much later and still corrects its alert. */
  readonly latenessMs: number;
}

/** Where the plan runs each stage of the query. */
export function placementOf({ stream, schedule }: RulePlan, stages: readonly StageNode[]): Placement {
  const nodes = allStages(stages);
  const places = new Map<number, Set<RunsAt>>();
  const mark = (ops: readonly Op[], place: RunsAt): void => {
    for (const { stage } of ops)
      if (stage !== undefined) places.set(stage, (places.get(stage) ?? new Set()).add(place));
  };
  for (const { branches, group } of stream.legs) {
    for (const { ops } of branches) {
      mark(ops, 'arrival');
      for (const inner of ops.flatMap(pipelinesOf)) mark(everyOp(inner), 'arrival');
    }
    if (group) mark([group], 'groups');
  }
  mark(everyOp(stream.flush), 'flush');
  const runs = new Map(
    nodes.map((node): [string, RunsAt[]] => {
      if (node.source)
        return [node.number, [node.source.kind === 'table' || node.source.kind === 'union' ? 'arrival' : 'flush']];
      const found = node.written === undefined ? undefined : places.get(node.written);
      return [node.number, found ? ORDER.filter((place) => found.has(place)) : ['window']];
    }),
  );
  return {
    runs,
    state: stream.legs.map((leg) => keptBy(leg, stages)),
    paneMs: stream.paneMs,
    panesPerWindow: Math.round(schedule.periodMs / stream.paneMs),
    latenessMs: DEFAULTS.maxLateMs,
  };
}

const ORDER: readonly RunsAt[] = ['arrival', 'groups', 'flush'];

function keptBy(leg: Leg, stages: readonly StageNode[]): KeptState {
  const written = new Set(leg.branches.flatMap(({ ops }) => ops.flatMap(({ stage }) => stage ?? [])));
  const tables = [...new Set(leg.branches.map(({ table }) => table))];
  const shown = (names: readonly string[]): string[] => names.filter((name) => !isHidden(name));
  return {
    tables,
    arrival: arrivalOf(stages, tables, written),
    kind: leg.group ? 'groups' : 'rows',
    columns: leg.group ? leg.group.by.map(({ name }) => name) : shown(leg.columns.map(({ name }) => name)),
    aggregates: (leg.group?.aggregates ?? []).map(
      ({ fn, args, star }) => `${fn}(${[...args.map(exprText), ...(star ? ['*'] : [])].join(', ')})`,
    ),
    isUnfiltered: leg.branches.some(({ ops }) => !ops.some(isFilter)),
  };
}

/** Numbers of a leg's stages, each with the source before it. A query that is used several times counts once. */
function arrivalOf(stages: readonly StageNode[], tables: readonly string[], written: ReadonlySet<number>): string[] {
  const seen = new Set<number>();
  const visit = (list: readonly StageNode[]): string[] => {
    const numbers: string[] = [];
    let runs = false;
    for (const { written: stage, number, inner, source } of list) {
      if (stage !== undefined && written.has(stage) && !seen.has(stage)) {
        seen.add(stage);
        numbers.push(number);
        runs = true;
      }
      // What a stage on arrival does inside is part of it.
      if (!runs || source) numbers.push(...inner.flatMap((part) => visit(part.stages)));
      else
        numbers.push(...inner.filter(({ stages: within }) => within[0]?.source).flatMap((part) => visit(part.stages)));
    }
    const [first] = list;
    const isOwn = first?.source?.kind === 'table' && tables.includes(first.source.name);
    return isOwn && (runs || written.size === 0) ? [first.number, ...numbers] : numbers;
  };
  return visit(stages);
}

const isFilter = (op: Op): boolean => factsOf(op).rows?.(op) === 'fewer';

/** The operators of a pipeline and of every pipeline inside it. */
function everyOp({ source, ops }: Pipeline): Op[] {
  const inSource =
    source.kind === 'union'
      ? source.union.legs
      : source.kind === 'range'
        ? [source.from, source.to, source.step].flatMap(pipelinesIn)
        : [];
  return [...inSource.flatMap(everyOp), ...ops, ...ops.flatMap(pipelinesOf).flatMap(everyOp)];
}
