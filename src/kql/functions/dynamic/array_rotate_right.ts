import { rotate } from './support/shift';

export const arrayRotateRight = rotate('right', -1);
