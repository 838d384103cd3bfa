import { dynamicReal } from '../../../values/json';
import type { Dynamic, Value } from '../../../values/types';
import { defineFunction, type ScalarFunction } from '../../define';
import { isLong, pointOf, zipOperands } from '../../support/series';

/**
 * An element-wise function of two series, one of which may be a number. Elements without a counterpart or that are no numbers give
 * null.
 */
const elementwise = (name: string, combine: (a: Dynamic, b: Dynamic) => Dynamic): ScalarFunction =>
  defineFunction({
    name,
    docs: `${name.replaceAll('_', '-')}-function`,
    params: ['any', 'any'],
    returns: 'dynamic',
    bind: (args) => {
      const [leftType, rightType] = [args[0]!.type, args[1]!.type];
      return (left: Value, right: Value) =>
        zipOperands(left, leftType, right, rightType)?.map(([a, b]) => combine(a, b)) ?? null;
    },
  });

/** Arithmetic; `whole` computes two integers to an integer, where that is not given the result is a real. */
export const seriesArithmetic = (
  name: string,
  real: (a: number, b: number) => number,
  whole?: (a: number | bigint, b: number | bigint) => Dynamic,
): ScalarFunction =>
  elementwise(name, (a, b) => {
    if (whole && isLong(a) && isLong(b)) return whole(a, b);
    const x = pointOf(a);
    const y = pointOf(b);
    return x === null || y === null ? null : dynamicReal(real(x, y));
  });

/** A comparison: an array of booleans. */
export const seriesComparison = (name: string, test: (a: number, b: number) => boolean): ScalarFunction =>
  elementwise(name, (a, b) => {
    const x = pointOf(a);
    const y = pointOf(b);
    return x === null || y === null ? null : test(x, y);
  });
