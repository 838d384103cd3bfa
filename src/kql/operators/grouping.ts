import type { Aggregate, BoundAggregate } from '../aggregates/define';
import { findAggregate } from '../aggregates/registry';
import { coerce } from '../calls';
import { invalid, KqlError, unsupported } from '../errors';
import type { ArgInfo } from '../functions/define';
import { type AggregateCall, isHidden, type NamedExpr } from '../ir';
import type { Binder, PreparedExpr } from '../prepared';
import type { Runtime } from '../runtime';
import type { Column, Row, Schema, Value } from '../values/types';
import type { Origins } from './facts';

export interface PreparedAggregate {
  readonly definition: Aggregate;
  readonly bound: BoundAggregate;
  readonly columns: readonly Column[];
  args(row: Row, runtime: Runtime): Value[];
}

/**
 * Binds an aggregate call. `keys`: names of the group columns, which `*` leaves out.
 * A call that names more arguments than the aggregate takes, or an unknown aggregate, throws KqlError.
 */
export function prepareAggregate(
  call: AggregateCall,
  schema: Schema,
  keys: ReadonlySet<string>,
  bind: Binder,
): PreparedAggregate {
  const definition = findAggregate(call.fn);
  if (!definition) throw unsupported(`aggregate '${call.fn}' is not supported`, call.at, call.fn.length);
  const expanded = call.star ? expandStar(call, schema, keys) : call;
  const { params, rest, optional = 0 } = definition;
  if (expanded.args.length < params.length - optional || (expanded.args.length > params.length && rest === undefined)) {
    throw invalid(`${definition.name}() does not take ${expanded.args.length} arguments`, call.at, call.fn.length);
  }
  const prepared = expanded.args.map((arg, i) => coerce(bind.expr(arg, schema), params[i] ?? rest ?? 'any'));
  const infos = prepared.map(argInfo);
  let bound: BoundAggregate;
  try {
    bound = definition.bind(infos) as BoundAggregate;
  } catch (error) {
    if (error instanceof KqlError && error.at === undefined) {
      throw new KqlError(error.kind, error.message, call.at, call.fn.length);
    }
    throw error;
  }
  const types = definition.returns(infos);
  if (types.length !== expanded.names.length) {
    throw new Error(`${call.fn}: ${types.length} results for ${expanded.names.length} names`);
  }
  const evals = prepared.map((arg) => arg.eval);
  return {
    definition,
    bound,
    columns: expanded.names.map((name, i) => ({ name, type: types[i]! })),
    args: (row, runtime) => evals.map((evaluate) => evaluate(row, runtime)),
  };
}

const argInfo = (arg: PreparedExpr): ArgInfo => ({
  type: arg.type,
  constant: arg.constant !== undefined,
  value: arg.constant ? arg.constant.value : null,
});

/** `arg_max(t, *)`: the columns that are neither group keys, hidden, nor named by an argument already. */
function expandStar(call: AggregateCall, schema: Schema, keys: ReadonlySet<string>): AggregateCall {
  const named = new Set(call.args.map((arg) => (arg.k === 'col' ? arg.name : '')));
  const more = schema.map(({ name }) => name).filter((name) => !isHidden(name) && !named.has(name) && !keys.has(name));
  return {
    ...call,
    args: [...call.args, ...more.map((name) => ({ k: 'col', name }) as const)],
    names: [...call.names, ...more],
  };
}

/** Group columns bound to a schema. */
export function prepareKeys(
  by: readonly NamedExpr[],
  schema: Schema,
  bind: Binder,
): { columns: Column[]; evals: PreparedExpr['eval'][] } {
  const prepared = by.map(({ name, expr }) => ({ name, ...bind.expr(expr, schema) }));
  return {
    columns: prepared.map(({ name, type }) => ({ name, type })),
    evals: prepared.map((key) => key.eval),
  };
}

/** Names of source columns that are group keys as they stand. */
export const keyNames = (by: readonly NamedExpr[]): Set<string> =>
  new Set(by.flatMap(({ name, expr }) => (expr.k === 'col' ? [name, expr.name] : [name])));

/** Where the columns of a grouping come from; `arg_max(x, *)` carries all columns on. */
export const groupingOrigins = (node: {
  readonly aggregates: readonly AggregateCall[];
  readonly by: readonly NamedExpr[];
}): Origins => ({
  others: node.aggregates.some(({ star }) => star) ? 'carried' : 'gone',
  columns: [
    ...node.by.map((key) => ({ ...key, role: 'key' as const })),
    ...node.aggregates.flatMap(({ names }) => names.map((name) => ({ name, role: 'aggregate' as const }))),
  ],
});
