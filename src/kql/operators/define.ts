import type { OpName, OpOf } from '../ir';
import type { Runtime } from '../runtime';
import type { Row, Schema, Table } from '../values/types';

/** An operator that looks at one row at a time: it can run when an event arrives. */
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
export interface LateOperator {
  readonly kind: 'late';
  run(rows: readonly Row[], runtime: Runtime): Table;
}

export type PreparedOperator = RowOperator | ExpandOperator | TableOperator | LateOperator;

/** One operator of the language: how its plan node is bound to the schema it stands on. Throws KqlError. */
export interface Operator<N extends OpName = OpName> {
  readonly name: N;
  prepare(node: OpOf<N>, schema: Schema): PreparedOperator;
}

export const defineOperator = <N extends OpName>(operator: Operator<N>): Operator<N> => operator;
