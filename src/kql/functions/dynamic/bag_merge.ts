import { type Dynamic, isBag } from '../../values/types';
import { defineFunction } from '../define';

/** Of a key in several bags the first value is kept. Arguments that are no bags add nothing; null if none is a bag. */
export const bagMerge = defineFunction({
  name: 'bag_merge',
  docs: 'bag-merge-function',
  params: ['dynamic', 'dynamic'],
  rest: 'dynamic',
  returns: 'dynamic',
  builds: true,
  nulls: 'handle',
  impl: (...bags: Dynamic[]) => {
    const found = bags.filter(isBag);
    if (found.length === 0) return null;
    const merged = new Map(found[0]);
    for (const bag of found.slice(1)) {
      for (const [key, value] of bag) if (!merged.has(key)) merged.set(key, value);
    }
    return merged;
  },
});
