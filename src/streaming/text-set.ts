/** Classes of characters: letters in either case are one, so are digits, so is what is rarely in a literal. */
const CLASS = new Uint8Array(128);
/** ASCII capitals made small. */
const FOLDED = new Uint8Array(128);
for (let unit = 0; unit < 128; unit++) {
  const folded = unit >= 0x41 && unit <= 0x5a ? unit + 32 : unit;
  FOLDED[unit] = folded;
  if (folded >= 0x61 && folded <= 0x7a) CLASS[unit] = folded - 0x60;
  else if (unit >= 0x30 && unit <= 0x39) CLASS[unit] = 27;
  else if (unit === 0x20) CLASS[unit] = 28;
  else if (unit === 0x2e) CLASS[unit] = 29;
  else if (unit === 0x5c || unit === 0x2f) CLASS[unit] = 30;
  else CLASS[unit] = 31;
}
const OTHER = 31;
const MAX_WINDOW = 24;

/**
 * Finds which of many literals a text holds, ASCII letters in either case, in one pass that skips most of the text: its cost hardly grows with
 * the number of literals. (S. Wu, U. Manber, "A fast algorithm for multi-pattern searching".)
 */
export class TextSet {
  private readonly window: number;
  /** 3 characters, or 2 where a literal is short. */
  private readonly block: number;
  private readonly shift: Uint8Array;
  private readonly endingIn = new Map<number, number[]>();

  /** @param literals ASCII, small letters, each of at least 2 characters */
  constructor(private readonly literals: readonly string[]) {
    this.window = Math.min(MAX_WINDOW, ...literals.map(({ length }) => length));
    this.block = this.window < 5 ? 2 : 3;
    this.shift = new Uint8Array(1 << (5 * this.block)).fill(this.window - this.block + 1);
    for (const [number, literal] of literals.entries()) {
      for (let end = this.block - 1; end < this.window; end++) {
        const block = this.blockAt(literal, end);
        this.shift[block] = Math.min(this.shift[block]!, this.window - 1 - end);
        if (end < this.window - 1) continue;
        const same = this.endingIn.get(block);
        if (same) same.push(number);
        else this.endingIn.set(block, [number]);
      }
    }
  }

  /** The literals in the text, by their positions in the constructor's list; undefined: there is none. */
  search(text: string): ReadonlySet<number> | undefined {
    let found: Set<number> | undefined;
    const { shift, window, block } = this;
    for (let end = window - 1; end < text.length; ) {
      // Each character by itself: a function of it would be called here hundreds of times a text.
      const last = text.charCodeAt(end);
      const middle = text.charCodeAt(end - 1);
      let key = ((middle < 128 ? CLASS[middle]! : OTHER) << 5) | (last < 128 ? CLASS[last]! : OTHER);
      if (block === 3) {
        const first = text.charCodeAt(end - 2);
        key |= (first < 128 ? CLASS[first]! : OTHER) << 10;
      }
      const step = shift[key]!;
      if (step > 0) {
        end += step;
        continue;
      }
      for (const number of this.endingIn.get(key)!) {
        if (!standsAt(text, end - window + 1, this.literals[number]!)) continue;
        if (found) found.add(number);
        else found = new Set([number]);
      }
      end++;
    }
    return found;
  }

  private blockAt(text: string, end: number): number {
    const two = (classOf(text.charCodeAt(end - 1)) << 5) | classOf(text.charCodeAt(end));
    return this.block === 2 ? two : (classOf(text.charCodeAt(end - 2)) << 10) | two;
  }
}

const classOf = (unit: number): number => CLASS[unit]!;

function standsAt(text: string, start: number, literal: string): boolean {
  if (start + literal.length > text.length) return false;
  for (let at = 0; at < literal.length; at++) {
    const unit = text.charCodeAt(start + at);
    if (unit >= 128 || FOLDED[unit] !== literal.charCodeAt(at)) return false;
  }
  return true;
}
