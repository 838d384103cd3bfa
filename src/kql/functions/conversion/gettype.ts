import { dynamicKind } from '../../values/dynamic';
import type { Dynamic, Value } from '../../values/types';
import { defineFunction } from '../define';

/** The type of the value; of a dynamic what it holds (`array`, `dictionary`, `null` or a scalar type). */
export const getType = defineFunction({
  name: 'gettype',
  docs: 'gettype-function',
  params: ['any'],
  returns: 'string',
  nulls: 'handle',
  bind([value]) {
    const type = value!.type;
    if (type === 'dynamic') return (given: Value) => dynamicKind(given as Dynamic);
    return (given: Value) => (given === null ? 'null' : type);
  },
});
