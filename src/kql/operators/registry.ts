import type { Op, OpName } from '../ir';
import type { Schema } from '../values/types';
import type { Operator, PreparedOperator } from './define';
import * as index from './index';

const byName = new Map<OpName, Operator<never>>();
for (const operator of Object.values(index)) byName.set(operator.name, operator as unknown as Operator<never>);

/** Binds an operator to the schema it stands on. */
export function prepareOperator(node: Op, schema: Schema): PreparedOperator {
  const operator = byName.get(node.op);
  if (!operator) throw new Error(`no operator ${node.op}`);
  return operator.prepare(node as never, schema);
}
