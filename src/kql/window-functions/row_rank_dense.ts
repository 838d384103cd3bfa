import { defineWindow } from './define';
import { rank } from './rank';

export const rowRankDense = defineWindow({
  name: 'row_rank_dense',
  docs: 'row-rank-dense-function',
  params: ['any', 'bool'],
  optional: 1,
  returns: 'long',
  bind: (args) => rank('dense', args),
});
