import { dynamicEquals, toDynamic } from '../../values/dynamic';
import type { Dynamic, Value } from '../../values/types';
import { defineFunction } from '../define';

/** Nothing is in what is no array: published rules ask for `not(set_has_element(…))` after an outer join. */
export const setHasElement = defineFunction({
  name: 'set_has_element',
  docs: 'set-has-element-function',
  params: ['dynamic', 'any'],
  returns: 'bool',
  nulls: 'handle',
  bind: (args) => {
    const type = args[1]!.type;
    return (set: Dynamic, value: Value) => {
      if (!Array.isArray(set)) return false;
      const wanted = toDynamic(value, type);
      return set.some((item) => dynamicEquals(item, wanted));
    };
  },
});
