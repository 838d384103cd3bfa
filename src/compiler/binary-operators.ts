import type { Expr } from '../kql';

/** Operators of two operands by the grammar's name of the expression. */
export const BINARY: Readonly<Record<string, string>> = {
  AddExpression: '+',
  SubtractExpression: '-',
  MultiplyExpression: '*',
  DivideExpression: '/',
  ModuloExpression: '%',
  EqualExpression: '==',
  NotEqualExpression: '!=',
  LessThanExpression: '<',
  LessThanOrEqualExpression: '<=',
  GreaterThanExpression: '>',
  GreaterThanOrEqualExpression: '>=',
  EqualTildeExpression: '=~',
  BangTildeExpression: '!~',
  HasExpression: 'has',
  NotHasExpression: '!has',
  HasCsExpression: 'has_cs',
  NotHasCsExpression: '!has_cs',
  HasPrefixExpression: 'hasprefix',
  NotHasPrefixExpression: '!hasprefix',
  HasPrefixCsExpression: 'hasprefix_cs',
  NotHasPrefixCsExpression: '!hasprefix_cs',
  HasSuffixExpression: 'hassuffix',
  NotHasSuffixExpression: '!hassuffix',
  HasSuffixCsExpression: 'hassuffix_cs',
  NotHasSuffixCsExpression: '!hassuffix_cs',
  ContainsExpression: 'contains',
  NotContainsExpression: '!contains',
  ContainsCsExpression: 'contains_cs',
  NotContainsCsExpression: '!contains_cs',
  StartsWithExpression: 'startswith',
  NotStartsWithExpression: '!startswith',
  StartsWithCsExpression: 'startswith_cs',
  NotStartsWithCsExpression: '!startswith_cs',
  EndsWithExpression: 'endswith',
  NotEndsWithExpression: '!endswith',
  EndsWithCsExpression: 'endswith_cs',
  NotEndsWithCsExpression: '!endswith_cs',
  MatchesRegexExpression: 'matches regex',
  AndExpression: 'and',
  OrExpression: 'or',
};

/** Tests of a value against a list. */
export const LIST: Readonly<Record<string, string>> = {
  // Microsoft's parser calls `in~` InCs.
  InExpression: 'in',
  InCsExpression: 'in~',
  NotInExpression: '!in',
  NotInCsExpression: '!in~',
  HasAnyExpression: 'has_any',
  HasAllExpression: 'has_all',
};

/** `a and b and c` as one call of three arguments: cheaper to run, and easy to split into its conditions. */
export function flat(call: Extract<Expr, { k: 'call' }>): Expr {
  if (call.fn !== 'and' && call.fn !== 'or') return call;
  const args = call.args.flatMap((arg) => (arg.k === 'call' && arg.fn === call.fn ? arg.args : [arg]));
  return { ...call, args };
}
