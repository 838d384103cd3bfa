import { betaProbability } from './support/beta';
import { defineReal } from './support/real_function';

/** NaN unless 0 ≤ x ≤ 1 and 0 < alpha, beta ≤ 10 000. */
export const betaCdf = defineReal(
  'beta_cdf',
  (x, alpha, beta) => {
    const valid = x >= 0 && x <= 1 && alpha > 0 && beta > 0 && alpha <= 10_000 && beta <= 10_000;
    return valid ? betaProbability(x, alpha, beta) : Number.NaN;
  },
  3,
);
