import { shift } from './support/shift';

export const arrayShiftLeft = shift('left', 1);
