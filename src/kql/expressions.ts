import { anyColumn } from './any-column';
import { callFunction, coerce, constant, countingElements, NO_RUNTIME } from './calls';
import { invalid, KqlError, unsupported } from './errors';
import { findFunction } from './functions/registry';
import { type Expr, isHidden, SEARCHED_TABLE } from './ir';
import type { Binder, PreparedExpr } from './prepared';
import type { Runtime } from './runtime';
import { decodeValue } from './values/codec';
import { convert } from './values/convert';
import { toDynamic } from './values/dynamic';
import { type Column, type Dynamic, nullOf, type Schema, type Value } from './values/types';

type Eval = PreparedExpr['eval'];

/** Binds an expression to a schema. Throws KqlError: unknown column or function, wrong number of arguments, bad constant. */
export function bindExpr(expr: Expr, schema: Schema, bind: Binder): PreparedExpr {
  switch (expr.k) {
    case 'lit':
      return constant(decodeValue(expr.v, expr.t), expr.t);
    case 'col': {
      const index = schema.findIndex((column) => column.name === expr.name);
      if (index < 0) throw invalid(`unknown column '${expr.name}'`, expr.at, expr.name.length);
      return { type: schema[index]!.type, eval: (row) => row[index]! };
    }
    case 'now':
      return { type: 'datetime', eval: (_, runtime) => runtime.now };
    case 'columnifexists': {
      const found = schema.some((column) => column.name === expr.name);
      return bind.expr(found ? { k: 'col', name: expr.name } : expr.otherwise, schema);
    }
    case 'anycolumn':
      return bind.expr(anyColumn(schema.filter(isSearched), expr.fn, expr.right, expr.at), schema);
    case 'packall':
      return packAll(schema, expr.ignoreEmpty);
    case 'toscalar':
      return toScalar(expr, bind);
    case 'intable':
      return inTable(expr, schema, bind);
    case 'call':
      return bindCall(expr, schema, bind);
  }
}

function bindCall(expr: Extract<Expr, { k: 'call' }>, schema: Schema, bind: Binder): PreparedExpr {
  const args = expr.args.map((arg) => bind.expr(arg, schema));
  if (expr.fn === 'and' || expr.fn === 'or') return logical(expr.fn, args);
  const fn = findFunction(expr.fn);
  if (!fn) throw unsupported(`function '${expr.fn}' is not supported`, expr.at, expr.fn.length);
  try {
    return callFunction(fn, args);
  } catch (error) {
    if (error instanceof KqlError && error.at === undefined) {
      throw new KqlError(error.kind, error.message, expr.at, expr.fn.length);
    }
    throw error;
  }
}

/** `and`, `or` with Kusto's three-valued logic, the right side only evaluated where it decides. */
function logical(fn: 'and' | 'or', args: readonly PreparedExpr[]): PreparedExpr {
  const decisive = fn === 'or';
  const evals = args.map((arg) => coerce(arg, 'bool').eval);
  const evaluate: Eval = (row, rt) => {
    let unknown = false;
    for (const evaluateArg of evals) {
      const value = evaluateArg(row, rt);
      if (value === decisive) return decisive;
      if (value === null) unknown = true;
    }
    return unknown ? null : !decisive;
  };
  if (args.every((arg) => arg.constant)) return constant(evaluate([], NO_RUNTIME), 'bool');
  return { type: 'bool', eval: evaluate };
}

/** The table name that `search` gives is none of the columns that it looks at. */
const isSearched = ({ name }: Column): boolean => !isHidden(name) && name !== SEARCHED_TABLE;

function packAll(schema: Schema, ignoreEmpty: boolean): PreparedExpr {
  const columns = schema.map((column, index) => ({ ...column, index })).filter((column) => !isHidden(column.name));
  return {
    type: 'dynamic',
    eval: countingElements((row) => {
      const bag = new Map<string, Dynamic>();
      for (const { name, type, index } of columns) {
        const value = row[index]!;
        if (ignoreEmpty && (value === null || value === '')) continue;
        bag.set(name, toDynamic(value, type));
      }
      return bag;
    }),
  };
}

function toScalar(expr: Extract<Expr, { k: 'toscalar' }>, bind: Binder): PreparedExpr {
  const plan = bind.pipeline(expr.plan);
  const type = plan.schema?.find((column) => !isHidden(column.name))?.type ?? 'dynamic';
  return {
    type,
    eval: (_, rt) =>
      once(rt, expr, () => {
        const table = plan.run(rt);
        const index = table.schema.findIndex((column) => !isHidden(column.name));
        const row = table.rows[0];
        return row && index >= 0 ? convert(row[index]!, table.schema[index]!.type, type) : nullOf(type);
      }) as Value,
  };
}

function inTable(expr: Extract<Expr, { k: 'intable' }>, schema: Schema, bind: Binder): PreparedExpr {
  const left = bind.expr(expr.left, schema);
  const plan = bind.pipeline(expr.plan);
  const fn = findFunction(expr.fn);
  if (!fn) throw unsupported(`operator '${expr.fn}' over a table is not supported`, expr.at);
  return {
    type: 'bool',
    eval: (row, rt) => {
      // The list is a constant of the run: the operator is bound to it once, so it may build a set.
      const test = once(rt, expr, () => {
        const table = plan.run(rt);
        const index = table.schema.findIndex((column) => !isHidden(column.name));
        const type = index < 0 ? 'string' : table.schema[index]!.type;
        const list = index < 0 ? [] : table.rows.map((r) => toDynamic(r[index]!, type));
        return callFunction(fn, [left, constant(list, 'dynamic')]).eval;
      }) as Eval;
      return test(row, rt);
    },
  };
}

function once(runtime: Runtime, key: object, make: () => unknown): unknown {
  if (!runtime.cache.has(key)) runtime.cache.set(key, make());
  return runtime.cache.get(key);
}
