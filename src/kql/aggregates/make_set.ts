import { defineAggregate } from './define';
import { MAX_SIZE, sizeLimit } from './support/ranked';
import { setOf } from './support/set';

export const makeSet = defineAggregate({
  name: 'make_set',
  docs: 'make-set-aggregation-function',
  params: ['any', 'long'],
  optional: 1,
  returns: () => ['dynamic'],
  ordered: true,
  grows: true,
  bind: ([arg, size]) => setOf(arg!.type, sizeLimit(size?.value as number | null | undefined, MAX_SIZE)),
});
