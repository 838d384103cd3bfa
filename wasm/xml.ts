// Events of Windows as it renders them: <Event><System>…</System><EventData>…</EventData></Event>. Of anything else in XML, and of what is
// written in another way than Windows and the usual libraries write it, nothing is said.

import { isTimeBetween, numberBetween, ODD } from './cells';
import { ATTRIBUTES, RECORD } from './layout';
import { clearHides, hides, lookForFolding } from './strings';

const END: i32 = 0;
const FOUND: i32 = 1;
const UNKNOWN: i32 = -1;

const MAX_DEPTH: i32 = 16;
const MAX_ATTRIBUTES: i32 = 16;
const MAX_NAME: usize = 64;

const COLON: u32 = 0x3a;
/** No byte. */
const NONE: u32 = 0x100;

// Names of at most eight bytes, as numbers.
const EVENT: u64 = 0x746e657645;
const SYSTEM: u64 = 0x6d6574737953;
const EVENT_ID: u64 = 0x4449746e657645;
const DATA: u64 = 0x61746144;
const MESSAGE: u64 = 0x6567617373654d;
// The first eight bytes of longer ones: what follows is compared as well.
const TIME_CREATED: u64 = 0x61657243656d6954;
const SYSTEM_TIME: u64 = 0x69546d6574737953;
const CONSTRUCTOR: u64 = 0x63757274736e6f63;
const PROTOTYPE: u64 = 0x7079746f746f7270;

let at: usize = 0;
let end: usize = 0;
/** 0: the events stand in no element; 1: in <Events>; 2: that has ended. */
let wrapper: i32 = 0;
let hasBegun: i32 = 0;

// Of the event that is read.
let inSystem: i32 = 0;
let hasSystem: i32 = 0;
let eventId: i32 = 0;
let hasId: i32 = 0;
let hasTime: i32 = 0;

export function beginXml(p: usize, length: i32): void {
  at = p;
  end = p + length;
  wrapper = 0;
  hasBegun = 0;
  store<u8>(end, 0);
}

@inline
function isBlank(c: u32): bool {
  return c == 0x20 || c == 0x0a || c == 0x0d || c == 0x09;
}

function blanks(p: usize): usize {
  while (isBlank(load<u8>(p))) p++;
  return p;
}

@inline
function isLetter(c: u32): bool {
  return (c | 0x20) - 0x61 < 26;
}

/** Behind a name; 0: there is none, or one that not every parser takes. `colon`: `COLON` where one may be in it, else `NONE`. */
function name(p: usize, colon: u32): usize {
  const start = p;
  if (!isLetter(load<u8>(p))) return 0;
  for (p++; ; p++) {
    const c: u32 = load<u8>(p);
    if (!isLetter(c) && c - 0x30 >= 10 && c != 0x5f && c != 0x2e && c != 0x2d && c != colon) break;
  }
  const length = p - start;
  const eight = load<u64>(start);
  if (length > MAX_NAME || (length == 11 && eight == CONSTRUCTOR) || (length == 9 && eight == PROTOTYPE)) return 0;
  return p;
}

/** A name of at most eight bytes as a number; 0: it is longer. */
function word(start: usize, after: usize): u64 {
  const length = after - start;
  if (length > 8) return 0;
  return length == 8 ? load<u64>(start) : load<u64>(start) & ((<u64>1 << (length << 3)) - 1);
}

/** Behind one of XML's own entities; 0: it is none. `p`: at the ampersand. */
function entity(p: usize): usize {
  const four = load<u32>(p, 1);
  if (four == 0x3b706d61) return p + 5;
  if ((four & 0xffffff) == 0x3b746c || (four & 0xffffff) == 0x3b7467) return p + 4;
  return (four == 0x746f7571 || four == 0x736f7061) && load<u8>(p, 5) == 0x3b ? p + 6 : 0;
}

@inline
function isEqual(a: usize, b: usize, length: usize): bool {
  for (let i: usize = 0; i < length; i++) if (load<u8>(a + i) != load<u8>(b + i)) return false;
  return true;
}

/** The place of the > or / behind the attributes of a tag; 0 where they are none. One blank before each, no name twice. */
function attributes(p: usize, isTime: bool): usize {
  for (let count = 0; ; count++) {
    let c: u32 = load<u8>(p);
    if (c == 0x3e || c == 0x2f) return p;
    if (c != 0x20) return 0;
    p++;
    if (load<u8>(p) == 0x2f) return p;
    if (count == MAX_ATTRIBUTES) return 0;
    const start = p;
    p = name(p, COLON);
    if (p == 0) return 0;
    const length = p - start;
    for (let i = 0; i < count; i++) {
      const other = ATTRIBUTES + (i << 3);
      if (load<u32>(other, 4) == <u32>length && isEqual(start, load<u32>(other), length)) return 0;
    }
    store<u32>(ATTRIBUTES + (count << 3), <u32>start);
    store<u32>(ATTRIBUTES + (count << 3), <u32>length, 4);
    if (load<u8>(p) != 0x3d) return 0;
    const quote: u32 = load<u8>(p, 1);
    if (quote != 0x22 && quote != 0x27) return 0;
    const value = p + 2;
    for (p = value; ; ) {
      c = load<u8>(p);
      if (c == quote) break;
      if (c < 0x20 || c == 0x3c || c == 0x3e) return 0;
      if (c == 0x26) {
        p = entity(p);
        if (p == 0) return 0;
        continue;
      }
      if (c >= 0x80) lookForFolding(p, 1);
      p++;
    }
    if (isTime && length == 10 && load<u64>(start) == SYSTEM_TIME && load<u16>(start, 8) == 0x656d) hasTime = isTimeBetween(value, p) ? 1 : 0;
    p++;
  }
  return 0;
}

/** The place of the < behind a text; 0 where the text is none. */
function text(p: usize): usize {
  const less = i8x16.splat(0x3c);
  const greater = i8x16.splat(0x3e);
  const ampersand = i8x16.splat(0x26);
  const space = i8x16.splat(0x20);
  while (true) {
    const chunk = v128.load(p);
    const signs = v128.or(v128.or(i8x16.eq(chunk, less), i8x16.eq(chunk, greater)), i8x16.eq(chunk, ampersand));
    let stops = i8x16.bitmask(v128.or(signs, i8x16.lt_s(chunk, space)));
    let next = p + 16;
    while (stops != 0) {
      const place = p + ctz(stops);
      const c: u32 = load<u8>(place);
      stops &= stops - 1;
      if (c == 0x3c) return place;
      if (c == 0x26) {
        const after = entity(place);
        if (after == 0) return 0;
        if (after > next) next = after;
      } else if (c >= 0x80) lookForFolding(place, 1);
      else if (!isBlank(c)) return 0;
    }
    p = next;
  }
  return 0;
}

/** Behind the tag that ends an element of this name; 0: it is none. */
@inline
function close(p: usize, start: usize, length: usize): usize {
  return load<u8>(p, 1) == 0x2f && isEqual(p + 2, start, length) && load<u8>(p + 2 + length) == 0x3e ? p + 3 + length : 0;
}

/** Behind an element; 0 where it is none that is read here. `p`: at its name. Text stands in elements that hold nothing else. */
function element(p: usize, depth: i32): usize {
  const start = p;
  p = name(p, NONE);
  if (p == 0 || depth > MAX_DEPTH) return 0;
  const length = p - start;
  const own = word(start, p);
  const isSystem = depth == 2 && own == SYSTEM;
  if (isSystem) {
    if (hasSystem) return 0;
    hasSystem = 1;
  }
  const isTime: bool = inSystem != 0 && depth == 3 && length == 11 && load<u64>(start) == TIME_CREATED && load<u32>(start, 7) == 0x64657461;
  if (isTime && hasTime) return 0;
  p = attributes(p, isTime);
  if (p == 0) return 0;
  if (load<u8>(p) == 0x2f) return load<u8>(p, 1) == 0x3e ? p + 2 : 0;
  const content = p + 1;
  const first = blanks(content);
  if (load<u8>(first) != 0x3c) {
    p = text(content);
    if (p == 0) return 0;
    if (inSystem && depth == 3 && own == EVENT_ID) {
      if (hasId) return 0;
      hasId = 1;
      eventId = numberBetween(content, p);
    }
    return close(p, start, length);
  }
  p = first;
  if (load<u8>(p, 1) == 0x2f) return close(p, start, length);
  // What is read as text is told from what is read as XML: no text of it is put together from several elements.
  if (depth == 3 && (inSystem || own == DATA || own == MESSAGE)) return 0;
  if (isSystem) inSystem = 1;
  while (load<u8>(p, 1) != 0x2f) {
    p = element(p + 1, depth + 1);
    if (p == 0) return 0;
    p = blanks(p);
    if (load<u8>(p) != 0x3c) return 0;
  }
  if (isSystem) inSystem = 0;
  return close(p, start, length);
}

/** `<Event` or `<Events` behind `p`, and the end of the name. */
@inline
function begins(p: usize, length: usize): bool {
  const c: u32 = load<u8>(p + 1 + length);
  return word(p + 1, p + 6) == EVENT && (c == 0x20 || c == 0x3e) && (length == 5 || load<u8>(p, 6) == 0x73);
}

/** The next event. 0: there is none; -1: the body is none that is read here. */
export function nextXml(): i32 {
  while (true) {
    let p = blanks(at);
    if (p == end) return wrapper == 1 ? UNKNOWN : END;
    if (load<u8>(p) != 0x3c || wrapper == 2) return UNKNOWN;
    if (begins(p, 5)) {
      hasBegun = 1;
      inSystem = 0;
      hasSystem = 0;
      hasId = 0;
      hasTime = 0;
      clearHides();
      const after = element(p + 1, 1);
      if (after == 0 || after > end || !hasSystem || !hasId || !hasTime || eventId == ODD) return UNKNOWN;
      store<u32>(RECORD, <u32>p);
      store<u32>(RECORD, <u32>after, 4);
      store<u32>(RECORD, hides, 12);
      store<i32>(RECORD, eventId, 36);
      at = after;
      return FOUND;
    }
    if (!hasBegun && begins(p, 6)) {
      p = attributes(p + 7, false);
      if (p == 0 || load<u8>(p) != 0x3e) return UNKNOWN;
      wrapper = 1;
      hasBegun = 1;
      at = p + 1;
    } else if (wrapper == 1 && load<u64>(p) == 0x73746e6576452f3c && load<u8>(p, 8) == 0x3e) {
      wrapper = 2;
      at = p + 9;
    } else if (!hasBegun && load<u32>(p) == 0x6d783f3c && load<u16>(p, 4) == 0x206c) {
      // <?xml …?>
      p += 6;
      while (load<u8>(p) != 0x3f && load<u8>(p) != 0x3c && load<u8>(p) != 0) p++;
      if (load<u8>(p) != 0x3f || load<u8>(p, 1) != 0x3e) return UNKNOWN;
      at = p + 2;
    } else return UNKNOWN;
  }
  return UNKNOWN;
}
