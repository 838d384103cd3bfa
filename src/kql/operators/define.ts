import type { OpName, OpOf } from '../ir';
import type { Binder, PreparedOperator } from '../prepared';
import type { Schema } from '../values/types';
import type { OperatorFacts } from './facts';

/**
 * One operator of the language: how its plan node is bound to the schema it stands on, and what others may know of it. Nothing outside this
 * folder asks for an operator by its name.
 */
export interface Operator<N extends OpName = OpName> extends OperatorFacts<OpOf<N>> {
  readonly name: N;
  /** Throws KqlError. `bind`: binds expressions and pipelines in the node. */
  prepare(node: OpOf<N>, schema: Schema, bind: Binder): PreparedOperator;
}

export const defineOperator = <N extends OpName>(operator: Operator<N>): Operator<N> => operator;
