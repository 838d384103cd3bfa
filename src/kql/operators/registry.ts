import type { Op, OpName } from '../ir';
import type { Operator } from './define';
import type { AnyFacts } from './facts';
import * as index from './index';

type Known = Operator<never>;

const byName = new Map<string, Known>();
for (const operator of Object.values(index)) byName.set(operator.name, operator as unknown as Known);

/** Throws Error for a name that no operator of this engine has. */
export function findOperator(name: string): Known {
  const operator = byName.get(name);
  if (!operator) throw new Error(`no operator ${name}`);
  return operator;
}

/** Whether this engine has an operator of that name. */
export const isOperator = (name: string): boolean => byName.has(name);

/** What is known of an operator; what its definition leaves out is for who asks to take as the worst. */
export const factsOf = (op: Op): AnyFacts => findOperator(op.op) as unknown as AnyFacts;

/** Adds an operator that is not part of the language, for tests. Gives what takes it away again. */
export function registerOperator(operator: {
  readonly name: string;
  prepare: Operator<OpName>['prepare'];
}): () => void {
  if (byName.has(operator.name)) throw new Error(`there is an operator ${operator.name} already`);
  byName.set(operator.name, operator as unknown as Known);
  return () => byName.delete(operator.name);
}
