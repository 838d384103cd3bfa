import { lowerGamma } from './support/gamma';
import { defineReal } from './support/real_function';

export const erf = defineReal('erf', (x) =>
  Number.isNaN(x) ? x : Math.sign(x) * lowerGamma(0.5, Math.min(x * x, 1e6)),
);
