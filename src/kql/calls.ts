import { invalid } from './errors';
import type { ArgInfo, Impl, ParamType, ScalarFunction } from './functions/define';
import { ELEMENT, meter } from './meter';
import type { PreparedExpr } from './prepared';
import type { Runtime } from './runtime';
import { convert } from './values/convert';
import { elementsOf } from './values/dynamic';
import { type Dynamic, nullOf, type ScalarType, type Value } from './values/types';

type Eval = PreparedExpr['eval'];

export const constant = (value: Value, type: ScalarType): PreparedExpr => ({
  type,
  constant: { value },
  eval: () => value,
});

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
  const first = coerced[0];
  if (fn.isTextOf && first?.type === 'dynamic') return { type, eval: run, textOf: first };
  return { type, eval: fn.ofTextOf && first?.textOf ? withoutText(fn.ofTextOf, first.textOf.eval, run) : run };
}

function withoutText(ofTextOf: (value: Dynamic) => Dynamic | undefined, dynamic: Eval, otherwise: Eval): Eval {
  return (row, rt) => {
    const known = ofTextOf(dynamic(row, rt) as Dynamic);
    return known === undefined ? otherwise(row, rt) : known;
  };
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

export function countingElements(call: Eval): Eval {
  return (row, rt) => {
    const value = call(row, rt) as Dynamic;
    meter.spendText(ELEMENT * elementsOf(value));
    return value;
  };
}

/** Constant arguments read no runtime. */
export const NO_RUNTIME = undefined as unknown as Runtime;

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
  const shared = arg.as?.(param);
  if (shared) return shared;
  const evaluate = arg.eval;
  return { type: param, eval: (row, rt) => convert(evaluate(row, rt), from, param) };
}
