import { shift } from './support/shift';

export const arrayShiftRight = shift('right', -1);
