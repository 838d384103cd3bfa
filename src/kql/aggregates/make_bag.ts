import { isBag } from '../values/types';
import { type BoundAggregate, defineAggregate } from './define';
import { KeyedFirsts } from './support/keyed';
import { MAX_SIZE, sizeLimit } from './support/ranked';

/** Values that are no bags do not count; of two values of a key the first is taken; without any bag `[]`, as documented. */
export const makeBag = defineAggregate({
  name: 'make_bag',
  aliases: ['make_dictionary'],
  docs: 'make-bag-aggregation-function',
  params: ['dynamic', 'long'],
  optional: 1,
  returns: () => ['dynamic'],
  ordered: true,
  grows: true,
  bind: ([, size]): BoundAggregate<KeyedFirsts> => {
    const limit = sizeLimit(size?.value as number | null | undefined, MAX_SIZE);
    return {
      init: () => new KeyedFirsts(limit),
      add(state, [bag], order) {
        if (!isBag(bag)) return;
        let at = 0;
        for (const [key, value] of bag) state.put(key, { order, at: at++, value });
      },
      merge: (into, other) => into.merge(other),
      result(state) {
        const entries = state.result();
        return [entries.length === 0 ? [] : new Map(entries)];
      },
      save: (state) => state.save(),
      load: (saved) => KeyedFirsts.load(saved, limit),
    };
  },
});
