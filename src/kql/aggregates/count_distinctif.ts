import { countDistinct } from './count_distinct';
import { conditional } from './support/conditional';

export const countDistinctif = conditional(countDistinct, {
  name: 'count_distinctif',
  docs: 'count-distinctif-aggregation-function',
});
