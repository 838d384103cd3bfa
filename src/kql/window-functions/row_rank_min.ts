import { defineWindow } from './define';
import { rank } from './rank';

export const rowRankMin = defineWindow({
  name: 'row_rank_min',
  docs: 'row-rank-min-function',
  params: ['any', 'bool'],
  optional: 1,
  returns: 'long',
  bind: (args) => rank('min', args),
});
