// Markup that may hide a text of XML from who looks for its bytes.

/** Whether an escape of JSON stands for the sign before what hides: \\u003c, \\u0026. `p`: at the backslash. */
function isEscapedSign(p: usize): bool {
  const head = load<u32>(p, 1);
  // u003 and u002, then c and 6.
  return (head == 0x33303075 && (load<u8>(p, 5) | 0x20) == 0x63) || (head == 0x32303075 && load<u8>(p, 5) == 0x36);
}

@inline
function hidesBehind(c: u32): bool {
  // ! and ? behind <, # behind &
  return c == 0x21 || c == 0x3f || c == 0x23;
}

/** Whether a comment, CDATA, an instruction or a reference to a character stands between `start` and `end`, escaped as JSON or not. */
export function hasHidingMarkup(start: usize, end: usize): bool {
  const less = i8x16.splat(0x3c);
  const ampersand = i8x16.splat(0x26);
  const backslash = i8x16.splat(0x5c);
  for (let p = start; p < end; p += 16) {
    const chunk = v128.load(p);
    let signs = i8x16.bitmask(
      v128.or(v128.or(i8x16.eq(chunk, less), i8x16.eq(chunk, ampersand)), i8x16.eq(chunk, backslash)),
    );
    for (; signs != 0; signs &= signs - 1) {
      const place = p + ctz(signs);
      if (place >= end) return false;
      if (load<u8>(place) == 0x5c ? isEscapedSign(place) && hidesBehind(load<u8>(place, 6)) : hidesBehind(load<u8>(place, 1)))
        return true;
    }
  }
  return false;
}
