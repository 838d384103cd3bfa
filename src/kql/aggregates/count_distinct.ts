import { KqlError } from '../errors';
import { keyText } from '../values/compare';
import { type BoundAggregate, defineAggregate } from './define';
import { keyHash, packHashes, unpackHashes } from './support/key-hash';

const HASH_BYTES = 16;
/** Kusto counts up to 100 million; this is what fits memory. */
const MAX_VALUES = 5_000_000;

/** Exact, told apart by 128-bit hashes. More than 5,000,000 values throw KqlError. */
export const countDistinct = defineAggregate({
  name: 'count_distinct',
  docs: 'count-distinct-aggregation-function',
  params: ['any'],
  returns: () => ['long'],
  grows: true,
  bind: ([arg]): BoundAggregate<Set<string>> => {
    const put = (state: Set<string>, hash: string): void => {
      state.add(hash);
      if (state.size > MAX_VALUES) throw new KqlError('run', `count_distinct() holds more than ${MAX_VALUES} values`);
    };
    return {
      init: () => new Set(),
      add(state, [value]) {
        if (value !== null) put(state, keyHash(keyText(value!, arg!.type), HASH_BYTES));
      },
      merge(into, other) {
        for (const hash of other) put(into, hash);
      },
      result: (state) => [state.size],
      save: packHashes,
      load: (saved) => unpackHashes(saved as string, HASH_BYTES),
    };
  },
});
