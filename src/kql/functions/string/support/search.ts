/** Position of a needle in a text at or after `from`, or -1. */
export type Finder = (text: string, from: number) => number;

/** Where a needle is longer, `indexOf` may compare all of it anew at every position; one so short comes to little. */
const SHORT = 256;

/**
 * `indexOf` of one needle, in time linear in text and needle however the two repeat themselves: needles may come from an event. So are all
 * matches of a text, sought one after another.
 */
export const finderOf = (needle: string): Finder => {
  if (needle.length <= SHORT) return (text, from) => text.indexOf(needle, from);
  const search = new LongSearch(needle);
  return (text, from) => search.find(text, from);
};

/** `text.split(needle)`, in the same time. The needle must not be empty. */
export function splitBy(text: string, needle: string): string[] {
  if (needle.length <= SHORT) return text.split(needle);
  const find = finderOf(needle);
  const parts: string[] = [];
  let from = 0;
  for (let at = find(text, 0); at >= 0; at = find(text, from)) {
    parts.push(text.slice(from, at));
    from = at + needle.length;
  }
  parts.push(text.slice(from));
  return parts;
}

class LongSearch {
  private borders: Int32Array | undefined;
  /** The last match, after which the next search goes on. */
  private text = '';
  private at = -1;

  constructor(private readonly needle: string) {}

  find(text: string, from: number): number {
    const { needle } = this;
    if (text.length - from < needle.length) return -1;
    this.borders ??= bordersOf(needle);
    const { borders } = this;
    let i = from;
    let length = 0;
    if (this.at >= 0 && from > this.at && from <= this.at + needle.length && text === this.text) {
      i = this.at + needle.length;
      length = needle.length;
      while (i - length < from) length = borders[length - 1]!;
    }
    for (; i < text.length; i++) {
      const unit = text.charCodeAt(i);
      while (length > 0 && unit !== needle.charCodeAt(length)) length = borders[length - 1]!;
      if (unit === needle.charCodeAt(length)) length++;
      if (length === needle.length) {
        this.text = text;
        this.at = i - length + 1;
        return this.at;
      }
    }
    return -1;
  }
}

/** Knuth, Morris and Pratt: for each prefix of the needle, the longest of its proper prefixes that it ends with. */
function bordersOf(needle: string): Int32Array {
  const borders = new Int32Array(needle.length);
  for (let i = 1, length = 0; i < needle.length; i++) {
    while (length > 0 && needle.charCodeAt(i) !== needle.charCodeAt(length)) length = borders[length - 1]!;
    if (needle.charCodeAt(i) === needle.charCodeAt(length)) length++;
    borders[i] = length;
  }
  return borders;
}
