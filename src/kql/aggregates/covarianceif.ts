import { covariance } from './covariance';
import { conditional } from './support/conditional';

export const covarianceif = conditional(covariance, {
  name: 'covarianceif',
  docs: 'covarianceif-aggregation-function',
  at: 2,
});
