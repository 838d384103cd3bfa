import { gamma as compute } from './support/gamma';
import { defineReal } from './support/real_function';

export const gamma = defineReal('gamma', compute);
