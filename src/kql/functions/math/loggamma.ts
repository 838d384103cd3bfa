import { logGamma } from './support/gamma';
import { defineReal } from './support/real_function';

/** The logarithm of the absolute value of the gamma function. */
export const loggamma = defineReal('loggamma', logGamma);
