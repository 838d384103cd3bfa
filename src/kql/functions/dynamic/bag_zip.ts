import type { Dynamic } from '../../values/types';
import { defineFunction } from '../define';

/** Keys that are no strings are passed over with their values; missing values are null; null if the keys are no array. */
export const bagZip = defineFunction({
  name: 'bag_zip',
  docs: 'bag-zip',
  params: ['dynamic', 'dynamic'],
  returns: 'dynamic',
  builds: true,
  nulls: 'handle',
  impl: (keys: Dynamic, values: Dynamic) => {
    if (!Array.isArray(keys)) return null;
    const bag = new Map<string, Dynamic>();
    keys.forEach((key, i) => {
      if (typeof key === 'string') bag.set(key, Array.isArray(values) ? (values[i] ?? null) : null);
    });
    return bag;
  },
});
