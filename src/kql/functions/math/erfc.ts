import { upperGamma } from './support/gamma';
import { defineReal } from './support/real_function';

export const erfc = defineReal('erfc', (x) => {
  if (Number.isNaN(x)) return x;
  const tail = upperGamma(0.5, Math.min(x * x, 1e6));
  return x < 0 ? 2 - tail : tail;
});
