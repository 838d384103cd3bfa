import type { Value } from '../../values/types';
import { defineFunction, type ScalarFunction } from '../define';

/** Null or the empty string; a dynamic string is a JavaScript string as well. */
const empty = (value: Value): boolean => value === null || value === '';

const define = (name: string, alias: string | undefined, wanted: boolean): ScalarFunction =>
  defineFunction({
    name,
    aliases: alias ? [alias] : [],
    docs: `${name}-function`,
    params: ['any'],
    returns: 'bool',
    nulls: 'handle',
    impl: (value: Value) => empty(value) === wanted,
  });

export const isEmpty = define('isempty', undefined, true);
export const isNotEmpty = define('isnotempty', 'notempty', false);
