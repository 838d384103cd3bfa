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

/** Looks among bytes beyond ASCII for the characters that fold to a plain one. */
export function lookForFolding(p: usize, high: i32): void {
  for (let bits = high; bits != 0; bits &= bits - 1) {
    const at = p + ctz(bits);
    const two: u32 = load<u16>(at);
    if (two == 0xb0c4 || two == 0xb1c4 || two == 0xbfc5 || (two == 0x84e2 && load<u8>(at, 2) == 0xaa)) hides = 1;
  }
}

/** `p`: behind the quote that opens. The place behind the one that closes; 0 where the text is no JSON. */
export function string(p: usize): usize {
  const quote = i8x16.splat(0x22);
  const backslash = i8x16.splat(0x5c);
  const space = i8x16.splat(0x20);
  while (true) {
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
  return 0;
}
