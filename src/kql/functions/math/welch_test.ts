import { betaProbability } from './support/beta';
import { defineReal } from './support/real_function';

/** The p-value of Welch's t-test: welch_test(mean1, variance1, count1, mean2, variance2, count2). */
export const welchTest = defineReal(
  'welch_test',
  (mean1, variance1, count1, mean2, variance2, count2) => {
    const a = variance1 / count1;
    const b = variance2 / count2;
    const t2 = (mean1 - mean2) ** 2 / (a + b);
    const freedom = (a + b) ** 2 / (a ** 2 / (count1 - 1) + b ** 2 / (count2 - 1));
    const p = betaProbability(freedom / (freedom + t2), freedom / 2, 0.5);
    return Number.isNaN(p) ? null : p;
  },
  6,
);
