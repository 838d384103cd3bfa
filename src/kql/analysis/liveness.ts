import type { Op } from '../ir';
import { factsOf } from '../operators/registry';
import type { Binder } from '../prepared';
import type { Names } from './names';

/**
 * Columns that a chain of operators needs of its input, when those in `wanted` are needed of its output. More than needed is safe, less is not.
 */
export const needs = (ops: readonly Op[], wanted: Names, bind: Binder): Names =>
  ops.reduceRight((names: Names, op) => factsOf(op).needs?.(op, names, bind) ?? 'all', wanted);
