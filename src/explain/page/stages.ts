import type { QueryStage } from '../../compiler/compile';
import {
  type Expr,
  exprText,
  factsOf,
  type Op,
  opText,
  type Pipeline,
  partsOfOp,
  pipelinesIn,
  type Source,
} from '../../kql';
import { conditionsOf } from '../../streaming/conditions';

export interface PredicateNode {
  readonly text: string;
  readonly expr: Expr;
}

/** A stage of a query as a reader counts them: its source, then each operator as it was written. */
export interface StageNode {
  /** `3`; `2a.1` is the first stage of the first query inside stage 2. */
  readonly number: string;
  /** `source`, or the operator's first word. */
  readonly kind: string;
  readonly text: string;
  readonly predicates: readonly PredicateNode[];
  /** What the compiler made of it; a source has none. */
  readonly ops: readonly Op[];
  readonly source?: Source;
  /** Index of the compiler's list of stages. */
  readonly written?: number;
  /** Queries inside it: legs of a union, the right side of a join, subqueries of expressions. */
  readonly inner: readonly { readonly title: string; readonly stages: readonly StageNode[] }[];
}

/** A query may use its parts many times over: more than these are not shown. */
const MOST_STAGES = 400;

/** The stages of a query before it is taken apart. */
export function stagesOf(query: Pipeline, written: readonly QueryStage[]): StageNode[] {
  let left = MOST_STAGES;
  const pipeline = (plan: Pipeline, prefix: string): StageNode[] => {
    const nodes: StageNode[] = [];
    const add = (make: (number: string) => StageNode): void => {
      if (left-- > 0) nodes.push(make(`${prefix}${nodes.length + 1}`));
    };
    const inside = (number: string, plans: readonly { title: string; plan: Pipeline }[]): StageNode['inner'] =>
      left <= 0
        ? []
        : plans.map(({ title, plan: inner }, i) => ({ title, stages: pipeline(inner, `${number}${letter(i)}.`) }));
    if (plan.source.kind !== 'input') {
      const { source } = plan;
      add((number) => ({
        number,
        kind: 'source',
        text: sourceText(source),
        predicates: [],
        ops: [],
        source,
        inner: inside(number, sourceQueries(source)),
      }));
    }
    for (const ops of asWritten(plan.ops)) {
      const stage = ops[0]!.stage;
      const text = stage === undefined ? undefined : written[stage];
      add((number) => ({
        number,
        kind: text?.kind ?? ops[0]!.op,
        text: text?.text ?? ops.map(opText).filter(Boolean).join(' | '),
        predicates: predicatesOf(ops, text),
        ops,
        ...(stage === undefined ? {} : { written: stage }),
        inner: inside(number, ops.flatMap(innerQueries)),
      }));
    }
    return nodes;
  };
  return pipeline(query, '');
}

/** All stages, those of queries inside them after them. */
export const allStages = (nodes: readonly StageNode[]): StageNode[] =>
  nodes.flatMap((node) => [node, ...node.inner.flatMap(({ stages }) => allStages(stages))]);

const letter = (i: number): string => (i < 26 ? String.fromCharCode(97 + i) : `(${i + 1})`);

/** Operators in groups that were one operator in the query. */
function asWritten(ops: readonly Op[]): Op[][] {
  const groups: Op[][] = [];
  for (const op of ops) {
    const last = groups.at(-1);
    if (last && op.stage !== undefined && last[0]!.stage === op.stage) last.push(op);
    else groups.push([op]);
  }
  return groups;
}

function predicatesOf(ops: readonly Op[], written: QueryStage | undefined): PredicateNode[] {
  const exprs = ops.flatMap((op) => conditionsOf(op) ?? []);
  // A `let` that stands for a conjunction has more parts than the text shows.
  const texts = written?.predicates.length === exprs.length ? written.predicates : undefined;
  return exprs.map((expr, i) => ({ text: texts?.[i]?.text ?? exprText(expr), expr }));
}

function sourceText(source: Source): string {
  switch (source.kind) {
    case 'table':
      return source.name;
    case 'rows':
      return `${source.rows.length} fixed row(s) of ${source.columns.map(({ name }) => name).join(', ')}`;
    case 'union':
      return `union of ${source.union.legs.length}${source.union.withSource ? `, withsource=${source.union.withSource}` : ''}`;
    case 'unit':
      return 'print';
    case 'range':
      return `range ${source.name} from ${exprText(source.from)} to ${exprText(source.to)} step ${exprText(source.step)}`;
    default:
      return source.kind;
  }
}

interface InnerQuery {
  readonly title: string;
  readonly plan: Pipeline;
}

function sourceQueries(source: Source): InnerQuery[] {
  if (source.kind === 'union') return source.union.legs.map((plan, i) => ({ title: `leg ${i + 1}`, plan }));
  if (source.kind !== 'range') return [];
  return [source.from, source.to, source.step].flatMap(pipelinesIn).map((plan) => ({ title: 'query', plan }));
}

function innerQueries(op: Op): InnerQuery[] {
  const { exprs, plans } = partsOfOp(op);
  const title = factsOf(op).inner ?? 'query';
  return [
    ...plans.map((plan) => ({ title, plan })),
    ...exprs.flatMap(pipelinesIn).map((plan) => ({ title: 'query', plan })),
  ];
}
