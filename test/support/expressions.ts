import { createRuntime, findFunction, type PreparedExpr, type ScalarType, type Value } from '../../src/kql';
import { callFunction } from '../../src/kql/calls';

/** A constant argument. */
export const cell = (value: Value, type: ScalarType): PreparedExpr => ({
  type,
  constant: { value },
  eval: () => value,
});
/** The same value as a column would give it: nothing is known when the call is bound. */
export const column = (value: Value, type: ScalarType): PreparedExpr => ({ type, eval: () => value });

export const text = (value: string): PreparedExpr => cell(value, 'string');
export const long = (value: number | bigint | null): PreparedExpr => cell(value, 'long');
export const int = (value: number | null): PreparedExpr => cell(value, 'int');
export const real = (value: number | null): PreparedExpr => cell(value, 'real');
export const bool = (value: boolean | null): PreparedExpr => cell(value, 'bool');
export const dynamic = (value: Value): PreparedExpr => cell(value, 'dynamic');
export const timespan = (ticks: bigint | null): PreparedExpr => cell(ticks, 'timespan');
export const datetime = (ticks: bigint | null): PreparedExpr => cell(ticks, 'datetime');

/** A call by KQL name: its type and value. */
export function call(name: string, ...args: PreparedExpr[]): { type: ScalarType; value: Value } {
  const fn = findFunction(name);
  if (!fn) throw new Error(`no function ${name}`);
  const result = callFunction(fn, args);
  return { type: result.type, value: result.eval([], createRuntime({ now: 0n })) };
}

/** The value of a call with constant arguments; also called with the same arguments as columns, which must agree. */
export function evaluate(name: string, ...args: PreparedExpr[]): Value {
  const constant = call(name, ...args).value;
  const perRow = call(name, ...args.map((arg) => (arg.constant ? column(arg.constant.value, arg.type) : arg))).value;
  expect(perRow).toEqual(constant);
  return constant;
}
