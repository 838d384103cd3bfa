import type { Value } from '../../values/types';
import { defineFunction } from '../define';
import { commonType, toCommon } from './support/common_type';

/** The first value that is not null; of strings, that is not empty. */
export const coalesce = defineFunction({
  name: 'coalesce',
  docs: 'coalesce-function',
  params: ['any'],
  rest: 'any',
  returns: commonType,
  nulls: 'handle',
  bind(args) {
    const type = commonType(args);
    return (...values: Value[]) => {
      for (let i = 0; i < values.length; i++) {
        const value = toCommon(values[i]!, args[i]!.type, type);
        if (value !== null && value !== '') return value;
      }
      return type === 'string' ? '' : null;
    };
  },
});
