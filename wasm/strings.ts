// Texts of JSON: https://www.rfc-editor.org/rfc/rfc8259#section-7

/** Some text holds an escape; set, never cleared here. */
export let escaped: i32 = 0;
/** Some plain character stands, or may stand, in another form than itself. */
export let hides: i32 = 0;

export function clearEscaped(): void {
  escaped = 0;
}

export function clearHides(): void {
  hides = 0;
}

// The characters of the prefilter's fragments, as bits of two words: [A-Za-z0-9 _.$%*!?@^~|;()#-].
const PLAIN_LOW: u64 = 0x8bff673b00000000;
const PLAIN_HIGH: u64 = 0x57fffffec7ffffff;

/** Whether a character is plain, or folds to a plain one: U+0130, U+0131, U+017F, U+212A. */
function isPlain(code: u32): bool {
  if (code < 64) return ((PLAIN_LOW >> (code as u64)) & 1) == 1;
  if (code < 128) return ((PLAIN_HIGH >> ((code - 64) as u64)) & 1) == 1;
  return code == 0x130 || code == 0x131 || code == 0x17f || code == 0x212a;
}

@inline
function hex(c: u32): u32 {
  if (c - 0x30 < 10) return c - 0x30;
  const small = c | 0x20;
  if (small - 0x61 < 6) return small - 0x61 + 10;
  return 0x10000;
}

/** Four hexadecimal digits; more than 0xffff where they are none. */
function hex4(p: usize): u32 {
  return (hex(load<u8>(p)) << 12) | (hex(load<u8>(p, 1)) << 8) | (hex(load<u8>(p, 2)) << 4) | hex(load<u8>(p, 3));
}

/** `p`: behind the backslash. The place behind the escape; 0 where it is none. */
@inline
function escape(p: usize): usize {
  escaped = 1;
  const c: u32 = load<u8>(p);
  if (c == 0x22) return p + 1;
  if (c == 0x5c) {
    // JSON in a text: its own escapes stand behind a backslash that is escaped.
    if (load<u8>(p, 1) == 0x75 && isPlain(hex4(p + 2))) hides = 1;
    return p + 1;
  }
  if (c == 0x75) {
    const code = hex4(p + 1);
    if (code > 0xffff) return 0;
    // A control character may become an escape of another form, with a letter, where JSON is made of the text.
    if (code < 0x20 || isPlain(code)) hides = 1;
    return p + 5;
  }
  // / b f n r t
  return c == 0x2f || c == 0x62 || c == 0x66 || c == 0x6e || c == 0x72 || c == 0x74 ? p + 1 : 0;
}

/** Pieces of 16 bytes after which a text is a long one. */
const SHORT_CHUNKS: i32 = 3;

/** Looks among bytes beyond ASCII for the characters that fold to a plain one. */
export function lookForFolding(p: usize, high: i32): void {
  for (let bits = high; bits != 0; bits &= bits - 1) {
    const at = p + ctz(bits);
    const two: u32 = load<u16>(at);
    if (two == 0xb0c4 || two == 0xb1c4 || two == 0xbfc5 || (two == 0x84e2 && load<u8>(at, 2) == 0xaa)) hides = 1;
  }
}

/** Characters that may follow a backslash, but for u: they are those whose two halves have a bit in common. */
const LOW_HALVES = i8x16(0, 0, 13, 0, 8, 0, 4, 0, 0, 0, 0, 0, 2, 0, 4, 1);
const HIGH_HALVES = i8x16(0, 0, 1, 0, 0, 2, 4, 8, 0, 0, 0, 0, 0, 0, 0, 0);

@inline
function mayBeEscaped(chunk: v128): v128 {
  const half = i8x16.splat(0x0f);
  const low = i8x16.swizzle(LOW_HALVES, v128.and(chunk, half));
  const high = i8x16.swizzle(HIGH_HALVES, v128.and(i16x8.shr_u(chunk, 4), half));
  return i8x16.ne(v128.and(low, high), i8x16.splat(0));
}

@inline
function bits(a: v128, b: v128, c: v128, d: v128): u64 {
  return (
    <u64>(<u32>(i8x16.bitmask(a) | (i8x16.bitmask(b) << 16))) |
    (<u64>(<u32>(i8x16.bitmask(c) | (i8x16.bitmask(d) << 16))) << 32)
  );
}

/** Controls, which no text has, and what folds. `marks`: bytes that are one or the other, or beyond ASCII. */
function lookAtOthers(p: usize, marks: u64): bool {
  for (; marks != 0; marks &= marks - 1) {
    const at = p + <usize>ctz(marks);
    if (load<u8>(at) < 0x20) return false;
    lookForFolding(at, 1);
  }
  return true;
}

/** Escapes that are none of the short ones. `marks`: what stands behind their backslashes. */
function lookAtUnicode(p: usize, marks: u64): bool {
  for (; marks != 0; marks &= marks - 1) if (escape(p + <usize>ctz(marks)) == 0) return false;
  return true;
}

/** JSON in a text. `marks`: what stands behind a backslash that is escaped. */
function lookAtNested(p: usize, marks: u64): void {
  for (; marks != 0; marks &= marks - 1) {
    const at = p + <usize>ctz(marks);
    if (load<u8>(at) == 0x75 && isPlain(hex4(at + 1))) hides = 1;
  }
}

/** As `string`, for long texts: 64 bytes at a time, without a branch for each escape. `p`: at no escape. */
function longString(p: usize): usize {
  const quote = i8x16.splat(0x22);
  const backslash = i8x16.splat(0x5c);
  const space = i8x16.splat(0x20);
  /** Of the first byte: it is escaped; it stands behind a backslash that is. */
  let isEscaped: u64 = 0;
  let isNested: u64 = 0;
  while (true) {
    const a = v128.load(p);
    const b = v128.load(p, 16);
    const c = v128.load(p, 32);
    const d = v128.load(p, 48);
    const quotes = bits(i8x16.eq(a, quote), i8x16.eq(b, quote), i8x16.eq(c, quote), i8x16.eq(d, quote));
    const slashes = bits(
      i8x16.eq(a, backslash),
      i8x16.eq(b, backslash),
      i8x16.eq(c, backslash),
      i8x16.eq(d, backslash),
    );
    const others = bits(i8x16.lt_s(a, space), i8x16.lt_s(b, space), i8x16.lt_s(c, space), i8x16.lt_s(d, space));
    // What stands behind an odd number of backslashes: G. Langdale, D. Lemire, "Parsing gigabytes of JSON per second".
    const begins = slashes & ~isEscaped;
    const follows = (begins << 1) | isEscaped;
    const odd = begins & 0xaaaaaaaaaaaaaaaa & ~follows;
    const sum = odd + begins;
    const after = (0x5555555555555555 ^ (sum << 1)) & follows;
    const ends = quotes & ~after;
    const upTo: u64 = ends != 0 ? (ends & -ends) - 1 : -1;
    if ((others & upTo) != 0 && !lookAtOthers(p, others & upTo)) return 0;
    const marked = after & upTo;
    const behind = (((marked & slashes) << 1) | isNested) & upTo;
    if ((marked | behind) != 0) {
      escaped = 1;
      const short = bits(mayBeEscaped(a), mayBeEscaped(b), mayBeEscaped(c), mayBeEscaped(d));
      if ((marked & ~short) != 0 && !lookAtUnicode(p, marked & ~short)) return 0;
      if (behind != 0) lookAtNested(p, behind);
    }
    if (ends != 0) return p + <usize>ctz(ends) + 1;
    isEscaped = sum < begins ? 1 : 0;
    isNested = (marked & slashes) >> 63;
    p += 64;
  }
  return 0;
}

/** `p`: behind the quote that opens. The place behind the one that closes; 0 where the text is no JSON. */
export function string(p: usize): usize {
  const quote = i8x16.splat(0x22);
  const backslash = i8x16.splat(0x5c);
  const space = i8x16.splat(0x20);
  for (let chunks = 0; chunks < SHORT_CHUNKS; chunks++) {
    const chunk = v128.load(p);
    // As signed numbers, bytes beyond ASCII are less than a blank, too.
    let stops = i8x16.bitmask(
      v128.or(v128.or(i8x16.eq(chunk, quote), i8x16.eq(chunk, backslash)), i8x16.lt_s(chunk, space)),
    );
    let next = p + 16;
    while (stops != 0) {
      const at = p + ctz(stops);
      const c: u32 = load<u8>(at);
      if (c == 0x22) return at + 1;
      if (c == 0x5c) {
        const after = escape(at + 1);
        if (after == 0) return 0;
        if (after >= next) {
          next = after;
          break;
        }
        stops &= -1 << <i32>(after - p);
      } else {
        if (c < 0x20) return 0;
        const high = i8x16.bitmask(chunk);
        lookForFolding(p, high);
        stops &= ~high;
      }
    }
    p = next;
  }
  return longString(p);
}
