import { anyColumn } from './any-column';
import { invalid, KqlError, unsupported } from './errors';
import type { ArgInfo, Impl, ParamType, ScalarFunction } from './functions/define';
import { findFunction } from './functions/registry';
import { type Expr, isHidden, SEARCHED_TABLE } from './ir';
import { ELEMENT, meter } from './meter';
import { preparePipeline } from './pipeline';
import type { Runtime } from './runtime';
import { decodeValue } from './values/codec';
import { convert } from './values/convert';
import { elementsOf, toDynamic } from './values/dynamic';
import { type Column, type Dynamic, nullOf, type Row, type ScalarType, type Schema, type Value } from './values/types';

/** An expression bound to a schema: column positions, types and overloads are settled. */
export interface PreparedExpr {
  readonly type: ScalarType;
  /** The value, where it is the same for every row of every run. */
  readonly constant?: { readonly value: Value };
  eval(row: Row, runtime: Runtime): Value;
}

type Eval = PreparedExpr['eval'];

const constant = (value: Value, type: ScalarType): PreparedExpr => ({ type, constant: { value }, eval: () => value });

/** Binds an expression to a schema. Throws KqlError: unknown column or function, wrong number of arguments, bad constant. */
export function prepareExpr(expr: Expr, schema: Schema): PreparedExpr {
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
      return prepareExpr(found ? { k: 'col', name: expr.name } : expr.otherwise, schema);
    }
    case 'anycolumn':
      return prepareExpr(anyColumn(schema.filter(isSearched), expr.fn, expr.right, expr.at), schema);
    case 'packall':
      return packAll(schema, expr.ignoreEmpty);
    case 'toscalar':
      return toScalar(expr);
    case 'intable':
      return inTable(expr, schema);
    case 'call':
      return prepareCall(expr, schema);
  }
}

function prepareCall(expr: Extract<Expr, { k: 'call' }>, schema: Schema): PreparedExpr {
  const args = expr.args.map((arg) => prepareExpr(arg, schema));
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

/** A call of a function on prepared arguments; constant where all arguments are. */
export function callFunction(fn: ScalarFunction, args: readonly PreparedExpr[]): PreparedExpr {
  const least = fn.params.length - (fn.optional ?? 0);
  if (args.length < least || (args.length > fn.params.length && fn.rest === undefined)) {
    throw invalid(
      `${fn.name}() takes ${least === fn.params.length ? least : `at least ${least}`} arguments, not ${args.length}`,
    );
  }
  const coerced = args.map((arg, i) => coerce(arg, fn.params[i] ?? fn.rest ?? 'any'));
  const infos: ArgInfo[] = coerced.map((arg) => ({
    type: arg.type,
    constant: arg.constant !== undefined,
    value: arg.constant ? arg.constant.value : null,
  }));
  const type = typeof fn.returns === 'function' ? fn.returns(infos) : fn.returns;
  const impl = fn.bind ? fn.bind(infos) : fn.impl;
  if (!impl) throw new Error(`function ${fn.name} has no implementation`);
  const evals = (fn.firstOnly?.(infos) ? coerced.slice(0, 1) : coerced).map((arg) => arg.eval);
  const call = fn.nulls === 'handle' ? plainCall(impl, evals) : strictCall(impl, evals, nullOf(type));
  const run = type === 'string' ? countingText(call) : fn.builds ? countingElements(call) : call;
  if (coerced.every((arg) => arg.constant)) return constant(run([], NO_RUNTIME), type);
  return { type, eval: run };
}

/** Texts that functions make count against what one event may cost. */
function countingText(call: Eval): Eval {
  return (row, rt) => {
    const text = call(row, rt) as string;
    meter.text -= text.length;
    if (meter.text < 0) meter.refuseText();
    return text;
  };
}

function countingElements(call: Eval): Eval {
  return (row, rt) => {
    const value = call(row, rt) as Dynamic;
    meter.spendText(ELEMENT * elementsOf(value));
    return value;
  };
}

/** Constant arguments read no runtime. */
const NO_RUNTIME = undefined as unknown as Runtime;

function plainCall(impl: Impl, evals: readonly Eval[]): Eval {
  const [a, b, c] = evals;
  switch (evals.length) {
    case 0:
      return () => impl();
    case 1:
      return (row, rt) => impl(a!(row, rt));
    case 2:
      return (row, rt) => impl(a!(row, rt), b!(row, rt));
    case 3:
      return (row, rt) => impl(a!(row, rt), b!(row, rt), c!(row, rt));
    default:
      return (row, rt) => impl(...evals.map((evaluate) => evaluate(row, rt)));
  }
}

function strictCall(impl: Impl, evals: readonly Eval[], otherwise: Value): Eval {
  const [a, b] = evals;
  switch (evals.length) {
    case 1:
      return (row, rt) => {
        const x = a!(row, rt);
        return x === null ? otherwise : impl(x);
      };
    case 2:
      return (row, rt) => {
        const x = a!(row, rt);
        if (x === null) return otherwise;
        const y = b!(row, rt);
        return y === null ? otherwise : impl(x, y);
      };
    default:
      return (row, rt) => {
        const values: Value[] = [];
        for (const evaluate of evals) {
          const value = evaluate(row, rt);
          if (value === null) return otherwise;
          values.push(value);
        }
        return impl(...values);
      };
  }
}

/** An argument converted to what a parameter asks for. */
export function coerce(arg: PreparedExpr, param: ParamType): PreparedExpr {
  if (param === 'any' || param === arg.type) return arg;
  if (param === 'number') {
    if (arg.type === 'int' || arg.type === 'long' || arg.type === 'real' || arg.type === 'decimal') return arg;
    return coerce(arg, arg.type === 'string' ? 'real' : arg.type === 'dynamic' ? 'real' : 'long');
  }
  const from = arg.type;
  if (arg.constant) return constant(convert(arg.constant.value, from, param), param);
  const evaluate = arg.eval;
  return { type: param, eval: (row, rt) => convert(evaluate(row, rt), from, param) };
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

function toScalar(expr: Extract<Expr, { k: 'toscalar' }>): PreparedExpr {
  const plan = preparePipeline(expr.plan);
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

function inTable(expr: Extract<Expr, { k: 'intable' }>, schema: Schema): PreparedExpr {
  const left = prepareExpr(expr.left, schema);
  const plan = preparePipeline(expr.plan);
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
