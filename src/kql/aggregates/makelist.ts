import { defineAggregate } from './define';
import { listOf } from './support/list';
import { sizeLimit } from './support/ranked';

/** The old name of make_list, with a smaller default size. */
export const makelist = defineAggregate({
  name: 'makelist',
  docs: 'make-list-aggregation-function',
  params: ['any', 'long'],
  optional: 1,
  returns: () => ['dynamic'],
  ordered: true,
  grows: true,
  bind: ([arg, size]) => listOf(arg!.type, sizeLimit(size?.value as number | null | undefined, 128), false),
});
