import type { ArgInfo, ParamType } from '../functions/define';
import type { Encoded } from '../values/codec';
import type { ScalarType, Schema, Value } from '../values/types';

/**
 * Where a row stands in canonical order: in a batch the row's number, on a stream a text made of source position-independent
 * things (TimeGenerated, content hash, ordinal). Two orders of one run compare with `<`.
 */
export type Order = number | string;

/**
 * One prepared aggregate. `State` is what is kept per group: it grows only as the result must, is changed in place, merges in any
 * order to the same result, and survives `save` and `load` exactly.
 */
export interface BoundAggregate<State = unknown> {
  init(): State;
  /** `values`: the arguments of one row, converted to the parameter types. */
  add(state: State, values: readonly Value[], order: Order): void;
  merge(into: State, other: State): void;
  /** One cell per output column. */
  result(state: State): Value[];
  save(state: State): Encoded;
  load(saved: Encoded): State;
}

export interface Aggregate {
  readonly name: string;
  readonly aliases?: readonly string[];
  /** Documentation page below https://learn.microsoft.com/kusto/query/. */
  readonly docs: string;
  readonly params: readonly ParamType[];
  readonly optional?: number;
  readonly rest?: ParamType;
  /** Types of the output columns. */
  readonly returns: (args: readonly ArgInfo[]) => readonly ScalarType[];
  /** Whether result depends on which row came first (make_list, take_any, arg_max ties): only then `order` is worked out. */
  readonly ordered?: boolean;
  /** Whether more rows can only make the result larger (count, max, make_set …): a condition for early alerts. */
  readonly grows?: boolean;
  readonly bind: (args: readonly ArgInfo[]) => BoundAggregate<never> | BoundAggregate<unknown>;
}

export const defineAggregate = (definition: Aggregate): Aggregate => definition;

export type { Schema };
