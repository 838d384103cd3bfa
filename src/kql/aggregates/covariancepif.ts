import { covariancep } from './covariancep';
import { conditional } from './support/conditional';

export const covariancepif = conditional(covariancep, {
  name: 'covariancepif',
  docs: 'covariancepif-aggregation-function',
  at: 2,
});
