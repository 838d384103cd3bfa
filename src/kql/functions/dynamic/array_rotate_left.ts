import { rotate } from './support/shift';

export const arrayRotateLeft = rotate('left', 1);
