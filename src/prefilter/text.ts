/** Calls `at` with every place of `part` in `text`, until it says true. Returns whether it did. */
export function somewhere(text: string, part: string, at: (index: number) => boolean): boolean {
  for (let index = text.indexOf(part); index >= 0; index = text.indexOf(part, index + part.length)) {
    if (at(index)) return true;
  }
  return false;
}

/** How often a part of a text, which begins with `start` and goes on as the sticky `rest`, stands in `text`. */
export function count(text: string, start: string, rest: RegExp): number {
  let found = 0;
  for (let index = text.indexOf(start); index >= 0; ) {
    rest.lastIndex = index + start.length;
    const matches = rest.test(text);
    if (matches) found++;
    index = text.indexOf(start, matches ? rest.lastIndex : index + start.length);
  }
  return found;
}
