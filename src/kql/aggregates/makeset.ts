import { defineAggregate } from './define';
import { sizeLimit } from './support/ranked';
import { setOf } from './support/set';

/** The old name of make_set, with a smaller default size. */
export const makeset = defineAggregate({
  name: 'makeset',
  docs: 'make-set-aggregation-function',
  params: ['any', 'long'],
  optional: 1,
  returns: () => ['dynamic'],
  ordered: true,
  grows: true,
  bind: ([arg, size]) => setOf(arg!.type, sizeLimit(size?.value as number | null | undefined, 128)),
});
