import type { Dynamic, ScalarType, Value } from '../values/types';

/** `number`: int, long, real or decimal as it is; `any`: whatever comes, unconverted. */
export type ParamType = ScalarType | 'any' | 'number';

/** What is known of an argument when a call is prepared. `value` is meaningful when `constant`. */
export interface ArgInfo {
  readonly type: ScalarType;
  readonly constant: boolean;
  readonly value: Value;
}

// biome-ignore lint/suspicious/noExplicitAny: an implementation names the JavaScript types of its own parameters
export type Impl = (...values: any[]) => Value;

/**
 * A scalar function or operator. Arguments are converted to the parameter types before the call (dynamic → string, int → long …),
 * so that an implementation sees only the JavaScript types of `Value` for what it declares.
 */
export interface ScalarFunction {
  /** As written in KQL: `strlen`, `=~`, `!has_cs`. */
  readonly name: string;
  readonly aliases?: readonly string[];
  /** Documentation page below https://learn.microsoft.com/kusto/query/ whose semantics are followed. */
  readonly docs: string;
  readonly params: readonly ParamType[];
  /** How many of the last `params` may be left out; the implementation then gets undefined. */
  readonly optional?: number;
  /** Type of any further arguments. */
  readonly rest?: ParamType;
  readonly returns: ScalarType | ((args: readonly ArgInfo[]) => ScalarType);
  /** `propagate` (default): a null among the arguments gives null (of a string: ""); `handle`: the implementation sees nulls. */
  readonly nulls?: 'propagate' | 'handle';
  /**
   * Whether the bound implementation reads its first argument only, having taken the others in `bind`: they are then not evaluated
   * per row.
   */
  readonly firstOnly?: (args: readonly ArgInfo[]) => boolean;
  /** The dynamic it makes may hold an argument, or parts of several, more than once: its size is looked at. */
  readonly builds?: boolean;
  /** Whether the result is the text of the argument. */
  readonly isTextOf?: boolean;
  /** What a call gives for a text that was made of this dynamic, without the text; undefined: it has to be made. */
  readonly ofTextOf?: (value: Dynamic) => Dynamic | undefined;
  /**
   * What texts in the result are: pieces of the first argument as they stand in it (`text`), or pieces of texts in it with XML's escapes undone
   * (`xml`); JSON is written around those of a dynamic. Absent: anything.
   */
  readonly pieces?: 'text' | 'xml';
  /** Whether a call may fail the query by what its arguments are. Limits aside. */
  readonly fails?: boolean;
  /**
   * Why results may differ from Kusto's, of which only examples are documented and not the algorithm: a rule whose settings do not say
   * `approximate: true` is refused. As a clause: "scores may differ".
   */
  readonly approximate?: string;
  /** Whether a call does without what is not published, by the values of its constant arguments (undefined: not constant, or left out). */
  readonly isExact?: (constants: readonly (Value | undefined)[]) => boolean;
  readonly impl?: Impl;
  /** Instead of `impl`, when types or constant arguments decide: called once per prepared call, never per row. Throws KqlError. */
  readonly bind?: (args: readonly ArgInfo[]) => Impl;
}

export const defineFunction = (definition: ScalarFunction): ScalarFunction => definition;
