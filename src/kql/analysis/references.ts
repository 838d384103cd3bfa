import type { AggregateCall, Expr, Op, Pipeline } from '../ir';

/** Column names, or all of them. */
export type Names = ReadonlySet<string> | 'all';

export const union = (...sets: readonly Names[]): Names => {
  if (sets.some((set) => set === 'all')) return 'all';
  return new Set(sets.flatMap((set) => [...(set as ReadonlySet<string>)]));
};

/** The expressions that stand directly in one; those of queries inside it are not among them. */
export function partsOf(expr: Expr): readonly Expr[] {
  switch (expr.k) {
    case 'call':
      return expr.args;
    case 'intable':
      return [expr.left];
    case 'columnifexists':
      return [expr.otherwise];
    case 'anycolumn':
      return [expr.right];
    default:
      return [];
  }
}

/** Columns that an expression reads from its row. Queries inside it (`toscalar`) read their own rows. */
export function readBy(expr: Expr): Names {
  if (expr.k === 'anycolumn' || expr.k === 'packall') return 'all';
  const own = expr.k === 'col' || expr.k === 'columnifexists' ? [expr.name] : [];
  return union(new Set(own), ...partsOf(expr).map(readBy));
}

export const readByAll = (exprs: readonly Expr[]): Names => union(...exprs.map(readBy));

export const readByAggregate = (call: AggregateCall): Names => (call.star ? 'all' : readByAll(call.args));

/** Every expression that stands directly in an operator. */
export function expressionsOf(op: Op): Expr[] {
  switch (op.op) {
    case 'where':
      return [op.cond];
    case 'extend':
    case 'project':
      return op.columns.map((column) => column.expr);
    case 'distinct':
      return (op.columns ?? []).map((column) => column.expr);
    case 'parse':
    case 'parse-kv':
      return [op.input];
    case 'sort':
      return op.by.map((key) => key.expr);
    case 'top':
      return [op.count, ...op.by.map((key) => key.expr)];
    case 'take':
      return [op.count];
    case 'summarize':
      return [...op.aggregates.flatMap((call) => call.args), ...op.by.map((key) => key.expr)];
    case 'join':
    case 'lookup':
      return op.on.map((pair) => pair.left);
    case 'ip-lookup':
      return [op.ip, ...op.extra.map((name): Expr => ({ k: 'col', name }))];
    case 'mv-expand':
    case 'mv-apply':
      return [...op.columns.map((column) => column.expr), ...(op.limit ? [op.limit] : [])];
    case 'pivot':
      return op.aggregate.args.slice();
    case 'rows-near':
      return [op.cond, op.before, ...(op.after ? [op.after] : [])];
    case 'rolling-percentile':
      return [op.value, op.percent, op.index.expr, op.binSize, op.bins, ...op.by.map((key) => key.expr)];
    case 'window':
      return op.columns.flatMap((column) => column.args);
    case 'partition':
      return [op.by];
    case 'top-nested':
      return op.levels.flatMap((level) => [
        level.value.expr,
        ...level.aggregates.flatMap((call) => call.args),
        ...(level.count ? [level.count] : []),
        ...(level.others ? [level.others] : []),
      ]);
    case 'scan':
      return [
        ...op.declare.flatMap((column) => (column.fallback ? [column.fallback] : [])),
        ...op.steps.flatMap((step) => [step.cond, ...step.assign.map((column) => column.expr)]),
      ];
    case 'make-series':
      return [
        ...op.aggregates.flatMap((call) => [...call.args, ...(call.fallback ? [call.fallback] : [])]),
        op.axis.expr,
        ...(op.from ? [op.from] : []),
        ...(op.to ? [op.to] : []),
        op.step,
        ...op.by.map((key) => key.expr),
      ];
    default:
      return [];
  }
}

/** Pipelines that stand in an operator beside its input. */
export function pipelinesOf(op: Op): Pipeline[] {
  const inExpressions = expressionsOf(op).flatMap(pipelinesIn);
  switch (op.op) {
    case 'join':
    case 'lookup':
    case 'ip-lookup':
      return [op.right, ...inExpressions];
    case 'union':
      return [...op.union.legs, ...inExpressions];
    case 'mv-apply':
    case 'partition':
      return [op.sub, ...inExpressions];
    default:
      return inExpressions;
  }
}

export function pipelinesIn(expr: Expr): Pipeline[] {
  const own = expr.k === 'toscalar' || expr.k === 'intable' ? [expr.plan] : [];
  return [...own, ...partsOf(expr).flatMap(pipelinesIn)];
}

/** Whether any part of an expression fulfils a test, queries inside it left out. */
export const someExpr = (expr: Expr, test: (part: Expr) => boolean): boolean =>
  test(expr) || partsOf(expr).some((part) => someExpr(part, test));

/** Whether a pipeline reads a table of the stream, anywhere. */
export function readsStream(plan: Pipeline): boolean {
  const { source } = plan;
  if (source.kind === 'table' || source.kind === 'state') return true;
  if (source.kind === 'union' && source.union.legs.some(readsStream)) return true;
  if (source.kind === 'range' && [source.from, source.to, source.step].flatMap(pipelinesIn).some(readsStream))
    return true;
  return plan.ops.some((op) => pipelinesOf(op).some(readsStream));
}

/** Whether a pipeline looks at the clock, anywhere. */
export function readsClock(plan: Pipeline): boolean {
  const { source } = plan;
  const isNow = (expr: Expr): boolean => someExpr(expr, (part) => part.k === 'now');
  if (source.kind === 'union' && source.union.legs.some(readsClock)) return true;
  if (source.kind === 'range' && [source.from, source.to, source.step].some(isNow)) return true;
  return plan.ops.some((op) => expressionsOf(op).some(isNow) || pipelinesOf(op).some(readsClock));
}
