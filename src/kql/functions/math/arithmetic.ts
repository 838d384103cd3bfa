import { defineFunction, type ScalarFunction } from '../define';
import { type ArithmeticOperator, arithmetic } from '../support/arithmetic';

const define = (operator: ArithmeticOperator): ScalarFunction =>
  defineFunction({
    name: operator,
    docs: 'numerical-operators',
    params: ['any', 'any'],
    returns: ([left, right]) => arithmetic(operator, left!.type, right!.type).type,
    bind: ([left, right]) => arithmetic(operator, left!.type, right!.type).apply,
  });

export const add = define('+');
export const subtract = define('-');
export const multiply = define('*');
export const divide = define('/');
export const modulo = define('%');
