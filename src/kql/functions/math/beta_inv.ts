import { betaQuantile } from './support/beta';
import { defineReal } from './support/real_function';

/**
 * Null where the probability is none, NaN unless 0 < alpha, beta ≤ 10 000: the page's text has the two the other way round, the result
 * that it shows has them so.
 */
export const betaInv = defineReal(
  'beta_inv',
  (probability, alpha, beta) => {
    if (!(probability >= 0 && probability <= 1)) return null;
    const valid = alpha > 0 && beta > 0 && alpha <= 10_000 && beta <= 10_000;
    return valid ? betaQuantile(probability, alpha, beta) : Number.NaN;
  },
  3,
);
