import type { AggregateCall, Expr, Op, Pipeline } from '../ir';

/** Column names, or all of them. */
export type Names = ReadonlySet<string> | 'all';

export const union = (...sets: readonly Names[]): Names => {
  if (sets.some((set) => set === 'all')) return 'all';
  return new Set(sets.flatMap((set) => [...(set as ReadonlySet<string>)]));
};

/** Columns that an expression reads from its row. Queries inside it (`toscalar`) read their own rows. */
export function readBy(expr: Expr): Names {
  switch (expr.k) {
    case 'col':
      return new Set([expr.name]);
    case 'call':
      return union(...expr.args.map(readBy));
    case 'intable':
      return readBy(expr.left);
    case 'columnifexists':
      return union(new Set([expr.name]), readBy(expr.otherwise));
    case 'anycolumn':
    case 'packall':
      return 'all';
    default:
      return new Set();
  }
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
  switch (expr.k) {
    case 'toscalar':
      return [expr.plan];
    case 'intable':
      return [expr.plan, ...pipelinesIn(expr.left)];
    case 'call':
      return expr.args.flatMap(pipelinesIn);
    case 'columnifexists':
      return pipelinesIn(expr.otherwise);
    case 'anycolumn':
      return pipelinesIn(expr.right);
    default:
      return [];
  }
}

/** Whether any part of an expression fulfils a test, queries inside it left out. */
export function someExpr(expr: Expr, test: (part: Expr) => boolean): boolean {
  if (test(expr)) return true;
  if (expr.k === 'call') return expr.args.some((arg) => someExpr(arg, test));
  if (expr.k === 'intable') return someExpr(expr.left, test);
  if (expr.k === 'columnifexists') return someExpr(expr.otherwise, test);
  if (expr.k === 'anycolumn') return someExpr(expr.right, test);
  return false;
}

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
