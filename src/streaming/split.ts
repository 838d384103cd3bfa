import { createHash } from 'node:crypto';
import {
  alignedLegs,
  type Column,
  expressionsOf,
  factsOf,
  isHidden,
  mapOp,
  mapQueries,
  neededBy,
  normalizeUnions,
  type Op,
  type OpOf,
  type Pipeline,
  prepareOperator,
  preparePipeline,
  prepareSummarize,
  type RowChange,
  readsStream,
  type Schema,
  type Source,
  type Within,
} from '../kql';
import { isEarly, type RowStage, takeRowStage } from './row-stage';
import type { Branch, Leg, StreamPlan } from './stream-plan';

/** Changes whenever stored state of the same leg would mean something else. */
export const STATE_FORMAT = 1;

export interface SplitOptions {
  readonly frequencyMs: number;
  readonly periodMs: number;
  /** What windows are cut by; with `enqueued` they say nothing of TimeGenerated. */
  readonly clock: 'event' | 'enqueued';
}

/** More panes a window than this are not worth it: bounds are then left to the flush. */
const MOST_PANES = 4096;

/**
 * Takes a plan apart: as much as possible runs when an event arrives, the rest when a window closes. Any plan can be split; what cannot
 * run early is run by the flush over the rows that are kept.
 */
export function splitPlan(plan: Pipeline, options: SplitOptions): StreamPlan {
  const first = new Splitter(options, true).run(plan);
  if (options.periodMs / first.paneMs <= MOST_PANES) return first;
  return new Splitter(options, false).run(plan);
}

class Splitter {
  private readonly legs: Leg[] = [];
  private readonly bounds = new Set<number>();

  constructor(
    private readonly options: SplitOptions,
    /** Whether bounds on TimeGenerated are decided by pane. */
    private readonly byPane: boolean,
  ) {}

  run(plan: Pipeline): StreamPlan {
    const flush = this.pipeline(normalizeUnions(plan));
    const paneMs = [this.options.periodMs, ...this.bounds].reduce(gcd, this.options.frequencyMs);
    const legs = this.legs.map((leg) => ({ ...leg, hash: legHash(leg, paneMs, this.options.clock) }));
    return { paneMs, legs, flush };
  }

  private pipeline(plan: Pipeline): Pipeline {
    if (!readsStream(plan)) return plan;
    if (plan.source.kind === 'table') return this.overTable(plan);
    if (plan.source.kind === 'union') return this.overUnion(plan, plan.source);
    return { source: plan.source, ops: this.nested(plan.ops) };
  }

  private overTable(plan: Pipeline): Pipeline {
    const source = plan.source as Extract<Source, { kind: 'table' }>;
    const stage = this.stage(plan.ops, source.columns);
    const summarize = stage.deferred.length === 0 ? grouping(stage.rest[0], stage.schema) : undefined;
    if (summarize) {
      const branch: Branch = { table: source.name, columns: source.columns, ops: stage.early };
      const state = this.groupLeg([branch], summarize, stage.schema, stage.within);
      return { source: state, ops: this.nested(stage.rest.slice(1)) };
    }
    const ops = [...stage.deferred, ...stage.rest];
    const cut = cutOf(stage.early);
    const early = stage.early.slice(0, cut);
    const later = [...stage.early.slice(cut), ...ops];
    const state = this.rowLeg(
      { table: source.name, columns: source.columns, ops: early },
      neededBy(later, 'all'),
      stage.within,
    );
    return { source: state, ops: this.nested(later) };
  }

  private overUnion(plan: Pipeline, source: Extract<Source, { kind: 'union' }>): Pipeline {
    const aligned = alignedLegs(source.union);
    if (!aligned) {
      const legs = source.union.legs.map((leg) => this.pipeline(leg));
      return { source: { kind: 'union', union: { ...source.union, legs } }, ops: this.nested(plan.ops) };
    }
    const schema = preparePipeline({ source, ops: [] }).schema!;
    const { moved, rest, after } = leadingRowOps(plan.ops, schema);
    const legs = aligned.map((leg): Pipeline => ({ source: leg.source, ops: [...leg.ops, ...moved] }));
    const summarize = grouping(rest[0], after);
    const branches = summarize ? this.branchesOf(legs) : undefined;
    if (summarize && branches) {
      const state = this.groupLeg(branches.branches, summarize, after, branches.within);
      return { source: state, ops: this.nested(rest.slice(1)) };
    }
    const union = { legs: legs.map((leg) => this.pipeline(leg)), kind: 'outer' as const };
    return { source: { kind: 'union', union }, ops: this.nested(rest) };
  }

  /** The legs as branches of one group state; undefined where one of them does more than look at single rows of a table. */
  private branchesOf(legs: readonly Pipeline[]): { branches: Branch[]; within: Within } | undefined {
    const branches: Branch[] = [];
    let within: string | undefined;
    const seen: Within[] = [];
    for (const leg of legs) {
      if (leg.source.kind === 'union') {
        const inner = alignedLegs(leg.source.union);
        const nested =
          inner && this.branchesOf(inner.map((part) => ({ source: part.source, ops: [...part.ops, ...leg.ops] })));
        if (!nested) return undefined;
        branches.push(...nested.branches);
        seen.push(nested.within);
        continue;
      }
      if (leg.source.kind !== 'table') return undefined;
      const stage = this.stage(leg.ops, leg.source.columns);
      if (stage.deferred.length > 0 || stage.rest.length > 0) return undefined;
      branches.push({ table: leg.source.name, columns: leg.source.columns, ops: stage.early });
      seen.push(stage.within);
    }
    for (const item of seen) {
      const text = JSON.stringify(item);
      if (within !== undefined && within !== text) return undefined;
      within = text;
    }
    return { branches, within: seen[0] ?? {} };
  }

  private stage(ops: readonly Op[], schema: Schema): RowStage {
    const { clock, periodMs } = this.options;
    const stage = takeRowStage(ops, schema, clock === 'event' ? { periodMs, byPane: this.byPane } : undefined);
    for (const ms of [stage.within.fromMs, stage.within.toMs]) if (ms !== undefined) this.bounds.add(ms);
    return stage;
  }

  private groupLeg(branches: Branch[], group: OpOf<'summarize'>, schema: Schema, within: Within): Source {
    const columns = prepareSummarize(group, schema).schema;
    return this.leg({ hash: '', branches, group, columns }, within);
  }

  private rowLeg(branch: Branch, wanted: ReadonlySet<string> | 'all', within: Within): Source {
    const schema = preparePipeline({
      source: { kind: 'table', name: branch.table, columns: branch.columns },
      ops: branch.ops,
    }).schema!;
    const columns = wanted === 'all' ? schema : schema.filter(({ name }) => wanted.has(name) || isHidden(name));
    return this.leg({ hash: '', branches: [branch], columns: columns as readonly Column[] }, within);
  }

  /** Equal legs share their state. */
  private leg(leg: Leg, within: Within): Source {
    const text = meaning(leg);
    let index = this.legs.findIndex((known) => meaning(known) === text);
    if (index < 0) index = this.legs.push(leg) - 1;
    const isBounded = within.fromMs !== undefined || within.toMs !== undefined;
    return { kind: 'state', leg: index, columns: leg.columns, ...(isBounded ? { within } : {}) };
  }

  /** Operators of the flush, the queries inside them split in turn. */
  private nested(ops: readonly Op[]): Op[] {
    const query = (plan: Pipeline): Pipeline => this.pipeline(normalizeUnions(plan));
    return ops.map((op) => mapOp(op, (expr) => mapQueries(expr, query), query));
  }
}

/**
 * Where the row stage of kept rows ends: after its last filter, and not past an expansion that only multiplies rows; that is done again
 * by the flush.
 */
function cutOf(early: readonly Op[]): number {
  const change = (op: Op): RowChange | undefined => factsOf(op).rows?.(op);
  const after = early.findLastIndex((op) => change(op) === 'fewer') + 1;
  const expansion = early.findIndex((op, i) => i >= after && change(op) === 'more');
  return expansion < 0 ? early.length : expansion;
}

/** The grouping that an operator is, where its partial aggregates can be kept per pane. */
function grouping(op: Op | undefined, schema: Schema): OpOf<'summarize'> | undefined {
  const summarize = op && factsOf(op).asSummarize?.(op, schema);
  return summarize && expressionsOf(summarize).every(isEarly) ? summarize : undefined;
}

function leadingRowOps(ops: readonly Op[], schema: Schema): { moved: Op[]; rest: Op[]; after: Schema } {
  let after = schema;
  for (let i = 0; i < ops.length; i++) {
    const op = ops[i]!;
    const prepared = factsOf(op).onArrival ? prepareOperator(op, after) : undefined;
    if (prepared?.kind !== 'row' && prepared?.kind !== 'expand')
      return { moved: ops.slice(0, i), rest: ops.slice(i), after };
    after = prepared.schema;
  }
  return { moved: ops.slice(), rest: [], after };
}

const gcd = (a: number, b: number): number => (b === 0 ? a : gcd(b, a % b));

/** A leg as text, without the places of its parts in the query: white space and comments change no state. */
const meaning = ({ branches, group, columns }: Leg): string =>
  JSON.stringify([branches, group ?? null, columns], (key, value: unknown) =>
    key === 'at' || key === 'stage' ? undefined : value,
  );

/** The hash that a leg has among panes of this width, cut by this clock. */
export const legHash = (leg: Leg, paneMs: number, clock: SplitOptions['clock']): string =>
  createHash('sha256')
    .update(`${STATE_FORMAT} ${paneMs} ${clock === 'event' ? '' : clock}${meaning(leg)}`)
    .digest('hex')
    .slice(0, 24);
