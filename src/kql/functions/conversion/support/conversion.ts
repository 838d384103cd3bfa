import { convert } from '../../../values/convert';
import type { ScalarType, Value } from '../../../values/types';
import { defineFunction, type ScalarFunction } from '../../define';

/** `tolong(x)` and its like: null (for a string "") where the value does not convert. */
export const defineConversion = (name: string, to: ScalarType, aliases: readonly string[] = []): ScalarFunction =>
  defineFunction({
    name,
    aliases,
    docs: `${name}-function`,
    params: ['any'],
    returns: to,
    isTextOf: to === 'string',
    pieces: to === 'string' ? 'text' : undefined,
    nulls: 'handle',
    bind([value]) {
      const from = value!.type;
      return from === to ? (given: Value) => given : (given: Value) => convert(given, from, to);
    },
  });
