import { betaQuantile } from './support/beta';
import { defineReal } from './support/real_function';

/** Null unless 0 ≤ probability ≤ 1 and 0 < alpha, beta ≤ 10 000. */
export const betaInv = defineReal(
  'beta_inv',
  (probability, alpha, beta) => {
    const valid = probability >= 0 && probability <= 1 && alpha > 0 && beta > 0 && alpha <= 10_000 && beta <= 10_000;
    return valid ? betaQuantile(probability, alpha, beta) : null;
  },
  3,
);
