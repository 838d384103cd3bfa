/** Classes of bytes for the block table: letters in either case are one, so are digits, so is what is rarely in a literal. */
const CLASS = new Uint8Array(256);
/** Bytes with ASCII capitals made small. */
const FOLDED = new Uint8Array(256);
for (let byte = 0; byte < 256; byte++) {
  const folded = byte >= 0x41 && byte <= 0x5a ? byte + 32 : byte;
  FOLDED[byte] = folded;
  if (folded >= 0x61 && folded <= 0x7a) CLASS[byte] = folded - 0x60;
  else if (byte >= 0x30 && byte <= 0x39) CLASS[byte] = 27;
  else if (byte === 0x20) CLASS[byte] = 28;
  else if (byte === 0x2e) CLASS[byte] = 29;
  else if (byte === 0x2d) CLASS[byte] = 30;
  else CLASS[byte] = 31;
}

const BLOCK = 3;
const MAX_WINDOW = 16;

/**
 * Finds which of many literals a text holds, ASCII letters in either case, in one pass that skips most of the bytes:
 * its cost hardly grows with the number of literals. (S. Wu, U. Manber, "A fast algorithm for multi-pattern searching".)
 */
export class LiteralSet {
  /** Shortest literal that can be one of a set. */
  static readonly MIN_LENGTH = BLOCK + 3;
  private readonly literals: Uint8Array[];
  private readonly window: number;
  private readonly shift = new Uint8Array(1 << (5 * BLOCK));
  private readonly endingIn: (number[] | undefined)[] = [];
  private readonly found: Uint8Array;

  /** @param literals lower-case ASCII, each at least `MIN_LENGTH` long */
  constructor(literals: readonly string[]) {
    this.literals = literals.map((literal) => Buffer.from(literal, 'latin1'));
    this.window = Math.min(MAX_WINDOW, ...literals.map((literal) => literal.length));
    this.found = new Uint8Array(literals.length);
    this.shift.fill(this.window - BLOCK + 1);
    this.literals.forEach((literal, number) => {
      for (let end = BLOCK - 1; end < this.window; end++) {
        const block = blockAt(literal, end);
        this.shift[block] = Math.min(this.shift[block]!, this.window - 1 - end);
        if (end === this.window - 1) this.endingIn[block] = [...(this.endingIn[block] ?? []), number];
      }
    });
  }

  /** For each literal, by its position in the constructor's list, whether the bytes hold it. The next search uses the array again. */
  search(bytes: Uint8Array): Uint8Array {
    const { found, shift, window } = this;
    found.fill(0);
    for (let end = window - 1; end < bytes.length; ) {
      const block = blockAt(bytes, end);
      const step = shift[block]!;
      if (step > 0) {
        end += step;
        continue;
      }
      for (const number of this.endingIn[block]!) {
        if (found[number] === 0 && startsAt(bytes, end - window + 1, this.literals[number]!)) found[number] = 1;
      }
      end++;
    }
    return found;
  }
}

const blockAt = (bytes: Uint8Array, end: number): number =>
  (CLASS[bytes[end - 2]!]! << 10) | (CLASS[bytes[end - 1]!]! << 5) | CLASS[bytes[end]!]!;

function startsAt(bytes: Uint8Array, start: number, literal: Uint8Array): boolean {
  if (start + literal.length > bytes.length) return false;
  for (let at = 0; at < literal.length; at++) {
    if (FOLDED[bytes[start + at]!] !== literal[at]) return false;
  }
  return true;
}
