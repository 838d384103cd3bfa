import type { Expr, ExprGraph, Scope } from '../kql';
import { foldText } from '../kql';

/** A condition that holds exactly where a column of the source has one of these values. */
export interface Selector {
  /** Position of the column. */
  readonly source: number;
  /** Values of a folded one are the results of `foldText`. */
  readonly isFolded: boolean;
  readonly values: readonly (string | number)[];
}

/** Longer lists are searched as they are: a way for each of their values would cost more than it saves. */
const MOST_VALUES = 64;

/** The condition as a choice of values of one column: `==`, `in`, `=~`, `in~`, and `or` of these; undefined where it is none. */
export function selectorOf(cond: Expr, scope: Scope, graph: ExprGraph): Selector | undefined {
  if (cond.k !== 'call') return undefined;
  if (cond.fn === 'or') return unionOf(cond.args.map((part) => selectorOf(part, scope, graph)));
  const isFolded = cond.fn === '=~' || cond.fn === 'in~';
  if (!isFolded && cond.fn !== '==' && cond.fn !== 'in') return undefined;
  const isList = cond.fn === 'in' || cond.fn === 'in~';
  const [first, second] = cond.args;
  const isTurned = !isList && first?.k === 'lit';
  const [left, rest] = isTurned ? [second, [first]] : [first, cond.args.slice(1)];
  const column = left?.k === 'col' ? scope.get(left.name) : undefined;
  if (!column || column.source < 0) return undefined;
  const { type } = graph.schema[column.source]!;
  const isText = type === 'string';
  if (!isText && (isFolded || (type !== 'int' && type !== 'long'))) return undefined;
  const values = rest.map((arg) => valuesOf(arg, isText, isList));
  const all = values.flatMap((list) => list ?? []);
  if (values.includes(undefined) || all.length > MOST_VALUES) return undefined;
  return { source: column.source, isFolded, values: isFolded ? all.map((value) => foldText(String(value))) : all };
}

function unionOf(parts: readonly (Selector | undefined)[]): Selector | undefined {
  const [first] = parts;
  const values: (string | number)[] = [];
  for (const part of parts) {
    if (!first || part?.source !== first.source || part.isFolded !== first.isFolded) return undefined;
    values.push(...part.values);
  }
  return first && values.length <= MOST_VALUES ? { ...first, values } : undefined;
}

/** Texts, or whole numbers that are exact; undefined where an argument is anything else. */
function valuesOf(arg: Expr | undefined, isText: boolean, isList: boolean): (string | number)[] | undefined {
  if (arg?.k !== 'lit') return undefined;
  const fits = (value: unknown): value is string | number =>
    isText ? typeof value === 'string' : Number.isSafeInteger(value);
  if (isList && arg.t === 'dynamic') return Array.isArray(arg.v) && arg.v.every(fits) ? arg.v : undefined;
  const isTyped = isText ? arg.t === 'string' : arg.t === 'int' || arg.t === 'long';
  return isTyped && fits(arg.v) ? [arg.v] : undefined;
}
