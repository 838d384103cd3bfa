import { needs } from './analysis/liveness';
import type { Names } from './analysis/names';
import { bindExpr } from './expressions';
import { ExprGraph } from './graph/graph';
import type { Expr, Op, OpOf, Pipeline } from './ir';
import { findOperator } from './operators/registry';
import { bindSummarize, type PreparedSummarize } from './operators/summarize';
import { bindOps, bindPipeline } from './pipeline';
import type { Binder, PreparedExpr, PreparedOperator, PreparedOps, PreparedPipeline } from './prepared';
import type { Schema, Value } from './values/types';

const binder: Binder = {
  expr: (expr, schema) => bindExpr(expr, schema, binder),
  pipeline: (plan, input) => bindPipeline(plan, input, binder),
  operator: (node, schema) => findOperator(node.op).prepare(node as never, schema, binder),
  ops: (ops, schema) => bindOps(ops, schema, binder),
  needs: (ops, wanted) => needs(ops, wanted, binder),
  subqueryOf: (node) => findOperator(node.op).subquery?.(node as never),
};

/** Binds an expression to a schema. Throws KqlError: unknown column or function, wrong number of arguments, bad constant. */
export const prepareExpr = (expr: Expr, schema: Schema): PreparedExpr => binder.expr(expr, schema);

/** Binds a plan. `input`: the schema of an `input` source. Throws KqlError: what is unknown or unsupported in it. */
export const preparePipeline = (plan: Pipeline, input?: Schema): PreparedPipeline => binder.pipeline(plan, input);

/** Binds a chain of operators to the schema it stands on. Throws KqlError. */
export const prepareOps = (ops: readonly Op[], schema: Schema): PreparedOps => binder.ops(ops, schema);

/** Binds an operator to the schema it stands on. Throws KqlError. */
export const prepareOperator = (node: Op, schema: Schema): PreparedOperator => binder.operator(node, schema);

/** Binds a summarize, in the pieces that batch and stream both use. Throws KqlError. */
export const prepareSummarize = (node: OpOf<'summarize'>, schema: Schema): PreparedSummarize =>
  bindSummarize(node, schema, binder);

/** The expressions of queries over one source row, each in it once. `readers`: what reads each column when it is first asked for. */
export const createGraph = (schema: Schema, readers: readonly (() => Value)[]): ExprGraph =>
  new ExprGraph(schema, readers, binder);

/** Columns that a chain of operators needs of its input, when those in `wanted` are needed of its output. */
export const neededBy = (ops: readonly Op[], wanted: Names): Names => binder.needs(ops, wanted);
