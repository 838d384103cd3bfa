export { ABSENT, END, ODD, UNKNOWN } from './layout';
export { Scanner } from './scanner';
export { MIN_TEXT, Texts } from './texts';
