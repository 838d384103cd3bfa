import { defineAggregate } from './define';
import { listOf } from './support/list';
import { MAX_SIZE, sizeLimit } from './support/ranked';

/** Arrays stay items of their own. */
export const makeList = defineAggregate({
  name: 'make_list',
  docs: 'make-list-aggregation-function',
  params: ['any', 'long'],
  optional: 1,
  returns: () => ['dynamic'],
  ordered: true,
  grows: true,
  bind: ([arg, size]) => listOf(arg!.type, sizeLimit(size?.value as number | null | undefined, MAX_SIZE), false),
});
