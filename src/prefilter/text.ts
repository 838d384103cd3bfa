/**
 * Calls `at` with every place after a property's name and its closing quote, until it says true. Returns whether it did.
 * The quote that opens the name is looked at last: quotes are everywhere, so a search for it first would stop at each.
 */
export function afterProperty(text: string, name: string, at: (index: number) => boolean): boolean {
  const part = `${name}"`;
  for (let index = text.indexOf(part); index >= 0; index = text.indexOf(part, index + part.length)) {
    if (text.charCodeAt(index - 1) === 0x22 && at(index + part.length)) return true;
  }
  return false;
}

/** How often a property of this name stands in the text and goes on as the sticky `rest`. */
export function countProperty(text: string, name: string, rest: RegExp): number {
  let found = 0;
  afterProperty(text, name, (index) => {
    rest.lastIndex = index;
    if (rest.test(text)) found++;
    return false;
  });
  return found;
}
