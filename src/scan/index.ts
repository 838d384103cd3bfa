export { ABSENT, END, MAX_NUMBER, ODD, UNKNOWN } from './layout';
export { type PassedTables, Scanner } from './scanner';
export { MIN_TEXT, Texts } from './texts';
