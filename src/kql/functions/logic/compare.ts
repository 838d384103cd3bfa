import { defineFunction, type ScalarFunction } from '../define';
import { orderingOf } from './support/ordering';

const define = (name: string, holds: (order: number) => boolean): ScalarFunction =>
  defineFunction({
    name,
    docs: 'numerical-operators',
    params: ['any', 'any'],
    returns: 'bool',
    bind([left, right]) {
      const order = orderingOf(left!.type, right!.type);
      return (a, b) => {
        const result = order(a, b);
        return result === null ? null : holds(result);
      };
    },
  });

export const less = define('<', (order) => order < 0);
export const lessOrEqual = define('<=', (order) => order <= 0);
export const greater = define('>', (order) => order > 0);
export const greaterOrEqual = define('>=', (order) => order >= 0);
