import type { AggregateCall, Expr, NamedExpr, Op, Pipeline, SortKey } from '../ir';

type Map = (expr: Expr) => Expr;

const named = (columns: readonly NamedExpr[], f: Map): NamedExpr[] =>
  columns.map((column) => ({ ...column, expr: f(column.expr) }));
const keys = (by: readonly SortKey[], f: Map): SortKey[] => by.map((key) => ({ ...key, expr: f(key.expr) }));
const call = <C extends AggregateCall>(aggregate: C, f: Map): C => ({ ...aggregate, args: aggregate.args.map(f) });

/** The operator with every expression that stands directly in it replaced, and every pipeline beside its input. */
export function mapOp(op: Op, f: Map, pipeline: (plan: Pipeline) => Pipeline): Op {
  switch (op.op) {
    case 'where':
      return { ...op, cond: f(op.cond) };
    case 'extend':
    case 'project':
      return { ...op, columns: named(op.columns, f) };
    case 'distinct':
      return op.columns ? { ...op, columns: named(op.columns, f) } : op;
    case 'parse':
    case 'parse-kv':
      return { ...op, input: f(op.input) };
    case 'sort':
      return { ...op, by: keys(op.by, f) };
    case 'top':
      return { ...op, count: f(op.count), by: keys(op.by, f) };
    case 'take':
      return { ...op, count: f(op.count) };
    case 'summarize':
      return { ...op, aggregates: op.aggregates.map((item) => call(item, f)), by: named(op.by, f) };
    case 'join':
    case 'lookup':
      return {
        ...op,
        right: pipeline(op.right),
        on: op.on.map((pair) => ({ left: f(pair.left), right: f(pair.right) })),
      };
    case 'ip-lookup':
      return { ...op, right: pipeline(op.right), ip: f(op.ip) };
    case 'union':
      return { ...op, union: { ...op.union, legs: op.union.legs.map(pipeline) } };
    case 'mv-expand':
      return {
        ...op,
        columns: op.columns.map((c) => ({ ...c, expr: f(c.expr) })),
        ...(op.limit ? { limit: f(op.limit) } : {}),
      };
    case 'mv-apply':
      return {
        ...op,
        columns: op.columns.map((c) => ({ ...c, expr: f(c.expr) })),
        ...(op.limit ? { limit: f(op.limit) } : {}),
        sub: pipeline(op.sub),
      };
    case 'pivot':
      return { ...op, aggregate: call(op.aggregate, f) };
    case 'rows-near':
      return { ...op, cond: f(op.cond), before: f(op.before), ...(op.after ? { after: f(op.after) } : {}) };
    case 'rolling-percentile':
      return {
        ...op,
        value: f(op.value),
        percent: f(op.percent),
        index: { ...op.index, expr: f(op.index.expr) },
        binSize: f(op.binSize),
        bins: f(op.bins),
        by: named(op.by, f),
      };
    case 'window':
      return { ...op, columns: op.columns.map((c) => ({ ...c, args: c.args.map(f) })) };
    case 'partition':
      return { ...op, by: f(op.by), sub: pipeline(op.sub) };
    case 'top-nested':
      return {
        ...op,
        levels: op.levels.map((level) => ({
          ...level,
          value: { ...level.value, expr: f(level.value.expr) },
          aggregates: level.aggregates.map((item) => call(item, f)),
          result: { ...level.result, expr: f(level.result.expr) },
          ...(level.count ? { count: f(level.count) } : {}),
          ...(level.others ? { others: f(level.others) } : {}),
        })),
      };
    case 'scan':
      return {
        ...op,
        declare: op.declare.map((c) => ({ ...c, ...(c.fallback ? { fallback: f(c.fallback) } : {}) })),
        steps: op.steps.map((step) => ({ ...step, cond: f(step.cond), assign: named(step.assign, f) })),
      };
    case 'make-series':
      return {
        ...op,
        aggregates: op.aggregates.map((item) => ({
          ...call(item, f),
          ...(item.fallback ? { fallback: f(item.fallback) } : {}),
        })),
        axis: { ...op.axis, expr: f(op.axis.expr) },
        ...(op.from ? { from: f(op.from) } : {}),
        ...(op.to ? { to: f(op.to) } : {}),
        step: f(op.step),
        by: named(op.by, f),
      };
    default:
      return op;
  }
}

/** The expression with those that stand directly in it replaced (see `partsOf`). */
export function mapParts(expr: Expr, f: Map): Expr {
  switch (expr.k) {
    case 'call':
      return { ...expr, args: expr.args.map(f) };
    case 'intable':
      return { ...expr, left: f(expr.left) };
    case 'columnifexists':
      return { ...expr, otherwise: f(expr.otherwise) };
    case 'anycolumn':
      return { ...expr, right: f(expr.right) };
    default:
      return expr;
  }
}

/** The expression with every query inside it replaced. */
export function mapQueries(expr: Expr, pipeline: (plan: Pipeline) => Pipeline): Expr {
  const mapped = mapParts(expr, (part) => mapQueries(part, pipeline));
  return mapped.k === 'toscalar' || mapped.k === 'intable' ? { ...mapped, plan: pipeline(mapped.plan) } : mapped;
}
