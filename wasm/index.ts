export { begin, enter, next, setKeys } from './body';
export { isTime, wholeNumber, wordOf } from './cells';
export { addKey, clearKeys } from './keys';
export { hasHidingMarkup } from './markup';
export { find } from './texts';
export { beginXml, nextXml } from './xml';
