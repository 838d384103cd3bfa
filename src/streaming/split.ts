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
import { isDecidedOnArrival, type RowStage, takeRowStage } from './row-stage';
import type { Branch, Leg, StreamPlan, TimeBasis } from './stream-plan';

/** Changes whenever stored state of the same leg would mean something else. */
export const STATE_FORMAT = 1;

export interface SplitOptions {
  readonly frequencyMs: number;
  readonly periodMs: number;
  /** With `ingestion` windows say nothing of TimeGenerated. */
  readonly timeBasis: TimeBasis;
}

/** A window of more panes than this costs more than it saves: bounds on TimeGenerated are then left to the flush stage. */
const MOST_PANES = 4096;

/**
 * Splits a plan: as much as possible runs when an event arrives, the rest when a window closes. Any plan can be split; what cannot run on
 * arrival runs in the flush stage, over rows that are kept.
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
    const legs = this.legs.map((leg) => ({ ...leg, hash: legHash(leg, paneMs, this.options.timeBasis) }));
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
      const branch: Branch = { table: source.name, columns: source.columns, ops: stage.onArrival };
      const state = this.groupLeg([branch], summarize, stage.schema, stage.within);
      return { source: state, ops: this.nested(stage.rest.slice(1)) };
    }
    const ops = [...stage.deferred, ...stage.rest];
    const cut = cutOf(stage.onArrival);
    const onArrival = stage.onArrival.slice(0, cut);
    const later = [...stage.onArrival.slice(cut), ...ops];
    const state = this.rowLeg(
      { table: source.name, columns: source.columns, ops: onArrival },
      neededBy(later, 'all'),
      stage.within,
    );
    return { source: state, ops: this.nested(later) };
  }

  private overUnion(plan: Pipeline, source: Extract<Source, { kind: 'union' }>): Pipeline {
    const aligned = alignedLegs(source.union);
    if (!aligned) {
      const legs = source.union.legs.map((member) => this.pipeline(member));
      return { source: { kind: 'union', union: { ...source.union, legs } }, ops: this.nested(plan.ops) };
    }
    const schema = preparePipeline({ source, ops: [] }).schema!;
    const { moved, rest, after } = leadingRowOps(plan.ops, schema);
    const members = aligned.map((member): Pipeline => ({ source: member.source, ops: [...member.ops, ...moved] }));
    const summarize = grouping(rest[0], after);
    const branches = summarize ? this.branchesOf(members) : undefined;
    if (summarize && branches) {
      const state = this.groupLeg(branches.branches, summarize, after, branches.within);
      return { source: state, ops: this.nested(rest.slice(1)) };
    }
    const union = { legs: members.map((member) => this.pipeline(member)), kind: 'outer' as const };
    return { source: { kind: 'union', union }, ops: this.nested(rest) };
  }

  /** The members of a union as branches of one leg; undefined where one of them does more than look at single rows of a table. */
  private branchesOf(members: readonly Pipeline[]): { branches: Branch[]; within: Within } | undefined {
    const branches: Branch[] = [];
    let within: string | undefined;
    const seen: Within[] = [];
    for (const member of members) {
      if (member.source.kind === 'union') {
        const inner = alignedLegs(member.source.union);
        const nested =
          inner && this.branchesOf(inner.map((part) => ({ source: part.source, ops: [...part.ops, ...member.ops] })));
        if (!nested) return undefined;
        branches.push(...nested.branches);
        seen.push(nested.within);
        continue;
      }
      if (member.source.kind !== 'table') return undefined;
      const stage = this.stage(member.ops, member.source.columns);
      if (stage.deferred.length > 0 || stage.rest.length > 0) return undefined;
      branches.push({ table: member.source.name, columns: member.source.columns, ops: stage.onArrival });
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
    const { timeBasis, periodMs } = this.options;
    const stage = takeRowStage(ops, schema, timeBasis === 'event' ? { periodMs, byPane: this.byPane } : undefined);
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
 * Where the row stage ends for a leg that keeps rows. An expansion after the last filter would only multiply what is stored: it, and what
 * follows, is left to the flush stage.
 */
function cutOf(onArrival: readonly Op[]): number {
  const change = (op: Op): RowChange | undefined => factsOf(op).rows?.(op);
  const after = onArrival.findLastIndex((op) => change(op) === 'fewer') + 1;
  const expansion = onArrival.findIndex((op, i) => i >= after && change(op) === 'more');
  return expansion < 0 ? onArrival.length : expansion;
}

/** The grouping that an operator is, where its partial aggregates can be kept per pane. */
function grouping(op: Op | undefined, schema: Schema): OpOf<'summarize'> | undefined {
  const summarize = op && factsOf(op).asSummarize?.(op, schema);
  return summarize && expressionsOf(summarize).every(isDecidedOnArrival) ? summarize : undefined;
}

function leadingRowOps(ops: readonly Op[], schema: Schema): { moved: Op[]; rest: Op[]; after: Schema } {
  let after = schema;
  for (let i = 0; i < ops.length; i++) {
    const op = ops[i]!;
    const prepared = factsOf(op).onArrival?.(op) ? prepareOperator(op, after) : undefined;
    if (prepared?.kind !== 'row' && prepared?.kind !== 'expand')
      return { moved: ops.slice(0, i), rest: ops.slice(i), after };
    after = prepared.schema;
  }
  return { moved: ops.slice(), rest: [], after };
}

const gcd = (a: number, b: number): number => (b === 0 ? a : gcd(b, a % b));

/** What a leg's state means, as text. Places in the query are left out, so that white space and comments change no state hash. */
const meaning = ({ branches, group, columns }: Leg): string =>
  JSON.stringify([branches, group ?? null, columns], (key, value: unknown) =>
    key === 'at' || key === 'stage' ? undefined : value,
  );

/** The state hash of a leg with panes of this width. Deployed state is stored under it: its text must not change. */
export const legHash = (leg: Leg, paneMs: number, timeBasis: TimeBasis): string =>
  createHash('sha256')
    .update(`${STATE_FORMAT} ${paneMs} ${timeBasis === 'ingestion' ? 'enqueued' : ''}${meaning(leg)}`)
    .digest('hex')
    .slice(0, 24);
