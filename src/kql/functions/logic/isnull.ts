import type { Value } from '../../values/types';
import { defineFunction, type ScalarFunction } from '../define';

/** A string is never null. */
const define = (name: string, alias: string | undefined, wanted: boolean): ScalarFunction =>
  defineFunction({
    name,
    aliases: alias ? [alias] : [],
    docs: `${name}-function`,
    params: ['any'],
    returns: 'bool',
    nulls: 'handle',
    impl: (value: Value) => (value === null) === wanted,
  });

export const isNull = define('isnull', undefined, true);
export const isNotNull = define('isnotnull', 'notnull', false);
