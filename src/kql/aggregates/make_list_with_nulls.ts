import { defineAggregate } from './define';
import { listOf } from './support/list';
import { MAX_SIZE } from './support/ranked';

export const makeListWithNulls = defineAggregate({
  name: 'make_list_with_nulls',
  docs: 'make-list-with-nulls-aggregation-function',
  params: ['any'],
  returns: () => ['dynamic'],
  ordered: true,
  grows: true,
  bind: ([arg]) => listOf(arg!.type, MAX_SIZE, true),
});
