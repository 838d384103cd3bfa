export { begin, enter, next } from './body';
export { isTime, wholeNumber, wordOf } from './cells';
export { addKey, clearKeys } from './keys';
export { find } from './texts';
