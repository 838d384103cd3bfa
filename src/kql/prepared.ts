import type { Names } from './analysis/names';
import type { Expr, Op, Pipeline } from './ir';
import type { Runtime } from './runtime';
import type { Row, ScalarType, Schema, Table, Value } from './values/types';

/** An expression bound to a schema: column positions, types and overloads are settled. */
export interface PreparedExpr {
  readonly type: ScalarType;
  /** The value, where it is the same for every row of every run. */
  readonly constant?: { readonly value: Value };
  /** The expression converted, where conversions of it are shared by all who need them. */
  readonly as?: (type: ScalarType) => PreparedExpr | undefined;
  /** The dynamic of which this is the text, where it is one. */
  readonly textOf?: PreparedExpr;
  eval(row: Row, runtime: Runtime): Value;
}

/** An operator that looks at one row at a time. */
export interface RowOperator {
  readonly kind: 'row';
  readonly schema: Schema;
  /** The row that becomes of one, or null: dropped. Must not change its argument. */
  map(row: Row, runtime: Runtime): Row | null;
}

/** As `RowOperator`, where one row becomes any number (`mv-expand`, `mv-apply`). */
export interface ExpandOperator {
  readonly kind: 'expand';
  readonly schema: Schema;
  expand(row: Row, runtime: Runtime): readonly Row[];
}

/** An operator that needs all rows, in canonical order. Must not change its argument. */
export interface TableOperator {
  readonly kind: 'table';
  readonly schema: Schema;
  run(rows: readonly Row[], runtime: Runtime): Row[];
}

/** An operator whose output columns depend on the data (`bag_unpack`, `pivot`): what follows is prepared when it has run. */
export interface DataBoundOperator {
  readonly kind: 'dataBound';
  run(rows: readonly Row[], runtime: Runtime): Table;
}

export type PreparedOperator = RowOperator | ExpandOperator | TableOperator | DataBoundOperator;

/** A chain of operators ready to run. */
export interface PreparedOps {
  /** undefined where the columns depend on the data. */
  readonly schema: Schema | undefined;
  run(rows: readonly Row[], runtime: Runtime): Table;
}

/** A pipeline ready to run, any number of times. */
export interface PreparedPipeline {
  /** Output columns (hidden ones included); undefined where they depend on the data. */
  readonly schema: Schema | undefined;
  /** `input`: the rows of an `input` source. Throws KqlError of kind `run`. */
  run(runtime: Runtime, input?: readonly Row[]): Table;
}

/**
 * What binds the parts of a plan. Handed to whoever prepares one, because the language is recursive: expressions hold queries, operators hold
 * expressions and pipelines. All throw KqlError: what is unknown or unsupported.
 */
export interface Binder {
  expr(expr: Expr, schema: Schema): PreparedExpr;
  /** `input`: the schema of an `input` source. */
  pipeline(plan: Pipeline, input?: Schema): PreparedPipeline;
  operator(node: Op, schema: Schema): PreparedOperator;
  ops(ops: readonly Op[], schema: Schema): PreparedOps;
  /** Columns that a chain of operators needs of its input, when those in `wanted` are needed of its output. */
  needs(ops: readonly Op[], wanted: Names): Names;
  /** The pipeline in an operator whose `input` is rows that the operator hands in. */
  subqueryOf(op: Op): Pipeline | undefined;
}
