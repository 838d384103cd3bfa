// Reads JSON without making anything of it: whether it is valid, and where the properties are that were asked for.

import { keyOf } from './keys';
import { SLOTS } from './layout';
import { clearEscaped, escaped, string } from './strings';

/** Deeper values are left to others. */
const MAX_DEPTH: i32 = 60;

/** A number that a double may not hold was read; set, never cleared here. */
export let big: i32 = 0;
/** A line break was read outside texts, and where the last one is; set, never cleared here. */
export let newline: i32 = 0;
export let lastNewline: usize = 0;

/** Of the object that `properties` read last. */
export let count: i32 = 0;
export let firstKey: i32 = -1;
export let firstColon: usize = 0;
/** Some name holds an escape: it may be any. */
export let oddName: i32 = 0;
/** Tells the slots of this object from those of others. */
export let epoch: u32 = 0;

export function clearBig(): void {
  big = 0;
}

export function clearNewline(): void {
  newline = 0;
}

/** Past white space. A zero stands behind the body. */
@inline
export function blank(p: usize): usize {
  while (true) {
    const c = load<u8>(p);
    if (c > 0x20) return p;
    if (c == 0x0a) {
      newline = 1;
      lastNewline = p;
    } else if (c != 0x20 && c != 0x0d && c != 0x09) return p;
    p++;
  }
}

@inline
function isDigit(c: u32): bool {
  return c - 0x30 < 10;
}

@inline
function digits(p: usize): usize {
  while (isDigit(load<u8>(p))) p++;
  return p;
}

function number(p: usize): usize {
  const start = p;
  if (load<u8>(p) == 0x2d) p++;
  if (load<u8>(p) == 0x30) p++;
  else {
    if (!isDigit(load<u8>(p))) return 0;
    p = digits(p);
  }
  if (load<u8>(p) == 0x2e) {
    if (!isDigit(load<u8>(p, 1))) return 0;
    p = digits(p + 1);
  }
  if ((load<u8>(p) | 0x20) == 0x65) {
    p++;
    if (load<u8>(p) == 0x2b || load<u8>(p) == 0x2d) p++;
    if (!isDigit(load<u8>(p))) return 0;
    p = digits(p);
    big = 1;
  }
  if (p - start >= 16) big = 1;
  return p;
}

/** The place behind the value that begins at `p`; 0 where it is no JSON, or nested too deep. */
function value(p: usize, depth: i32): usize {
  const c: u32 = load<u8>(p);
  if (c == 0x22) return string(p + 1);
  if (c == 0x7b) return object(p + 1, depth + 1);
  if (c == 0x5b) return array(p + 1, depth + 1);
  if (c == 0x2d || isDigit(c)) return number(p);
  const four = load<u32>(p);
  if (four == 0x65757274 || four == 0x6c6c756e) return p + 4;
  return four == 0x736c6166 && load<u8>(p, 4) == 0x65 ? p + 5 : 0;
}

function array(p: usize, depth: i32): usize {
  if (depth > MAX_DEPTH) return 0;
  p = blank(p);
  if (load<u8>(p) == 0x5d) return p + 1;
  while (true) {
    p = value(p, depth);
    if (p == 0) return 0;
    p = blank(p);
    const c = load<u8>(p);
    if (c == 0x5d) return p + 1;
    if (c != 0x2c) return 0;
    p = blank(p + 1);
  }
}

function object(p: usize, depth: i32): usize {
  if (depth > MAX_DEPTH) return 0;
  p = blank(p);
  if (load<u8>(p) == 0x7d) return p + 1;
  while (true) {
    if (load<u8>(p) != 0x22) return 0;
    p = string(p + 1);
    if (p == 0) return 0;
    p = blank(p);
    if (load<u8>(p) != 0x3a) return 0;
    p = value(blank(p + 1), depth);
    if (p == 0) return 0;
    p = blank(p);
    const c = load<u8>(p);
    if (c == 0x7d) return p + 1;
    if (c != 0x2c) return 0;
    p = blank(p + 1);
  }
}

/** As an object, with its properties in their slots: of several of one name the last, as JSON.parse has it. `p`: behind the brace. */
export function properties(p: usize): usize {
  epoch++;
  count = 0;
  firstKey = -1;
  firstColon = 0;
  oddName = 0;
  p = blank(p);
  if (load<u8>(p) == 0x7d) return p + 1;
  while (true) {
    if (load<u8>(p) != 0x22) return 0;
    const name = p + 1;
    clearEscaped();
    p = string(name);
    if (p == 0) return 0;
    const key = escaped ? -1 : keyOf(name, <i32>(p - 1 - name));
    oddName |= escaped;
    p = blank(p);
    if (load<u8>(p) != 0x3a) return 0;
    if (count++ == 0) {
      firstKey = key;
      firstColon = p;
    }
    const start = blank(p + 1);
    clearEscaped();
    p = load<u8>(start) == 0x22 ? string(start + 1) : value(start, 2);
    if (p == 0) return 0;
    if (key >= 0) {
      const slot = SLOTS + (key << 4);
      store<u32>(slot, epoch);
      store<u32>(slot, <u32>start, 4);
      store<u32>(slot, <u32>p, 8);
      store<u32>(slot, escaped, 12);
    }
    p = blank(p);
    const c = load<u8>(p);
    if (c == 0x7d) return p + 1;
    if (c != 0x2c) return 0;
    p = blank(p + 1);
  }
}
