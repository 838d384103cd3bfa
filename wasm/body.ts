// The records of a message body, one after another: an object, an array, {"records":[…]}, any of these a line, or one behind another.

import { big, blank, clearBig, clearNewline, count, epoch, firstColon, firstKey, lastNewline, newline, oddName, properties } from './json';
import { RECORD, TABLES } from './layout';
import { isTime, wholeNumber, wordOf } from './cells';
import { clearHides, hides } from './strings';

const END: i32 = 0;
const FOUND: i32 = 1;
const UNKNOWN: i32 = -1;

/** How the values of a body follow one another. */
const ONE: i32 = 0;
const LINES: i32 = 1;
const JOINED: i32 = 2;

/** Where the next record is looked for. */
const TOP: i32 = 0;
const LIST: i32 = 1;
const ENVELOPE: i32 = 2;

/** As `PREFIX_LENGTH` of `src/row-messages.ts`. */
const PREFIX: usize = 256;

let at: usize = 0;
let end: usize = 0;
let place: i32 = TOP;
let follow: i32 = ONE;
let values: i32 = 0;
let isFirst: i32 = 0;
/** A line break stands in some value. */
let inside: i32 = 0;
/** Begin of the text that decides which shapes are looked for, and what it decided: 1, rows alone. */
let unit: usize = 0;
let rows: i32 = 0;
let isDecided: i32 = 0;
/** Keys of the properties that name a row's table and time. */
let typeKey: i32 = 0;
let timeKey: i32 = 0;
/** Records passed over since `begin`. */
let passed: i32 = 0;

export function setKeys(type: i32, time: i32): void {
  typeKey = type;
  timeKey = time;
}

export function begin(p: usize, length: i32): void {
  at = p;
  unit = p;
  end = p + length;
  place = TOP;
  follow = ONE;
  values = 0;
  inside = 0;
  rows = 0;
  isDecided = 0;
  passed = 0;
  clearNewline();
  store<u8>(end, 0);
}

/** `"records" : [` behind a brace; the place behind it, or 0. */
function envelope(p: usize): usize {
  p = blank(p);
  if (load<u64>(p) != 0x7364726f63657222 || load<u8>(p, 8) != 0x22) return 0;
  p = blank(p + 9);
  if (load<u8>(p) != 0x3a) return 0;
  p = blank(p + 1);
  return load<u8>(p) == 0x5b ? p + 1 : 0;
}

/** `p`: at the brace. Keys below `firstColumns` are those that a row of a table begins with. */
function record(p: usize, firstColumns: i32): i32 {
  clearHides();
  clearBig();
  const after = properties(p + 1);
  if (after == 0 || after > end) return UNKNOWN;
  if (!isDecided) {
    isDecided = 1;
    rows = firstKey >= 0 && firstKey < firstColumns && firstColon + 1 - unit <= PREFIX ? 1 : 0;
  }
  store<u32>(RECORD, <u32>p);
  store<u32>(RECORD, <u32>after, 4);
  store<u32>(RECORD, count, 8);
  store<u32>(RECORD, hides, 12);
  store<u32>(RECORD, big, 16);
  store<u32>(RECORD, oddName, 20);
  store<u32>(RECORD, rows, 24);
  store<u32>(RECORD, epoch, 28);
  at = after;
  return FOUND;
}

/**
 * Whether no leg can let the record last read through, by its table and number alone, and it is a row beyond doubt. Of a table: the key of the
 * column that decides, and a bit for each number up to 65,535 that some leg asks for.
 */
function isPassed(): bool {
  if (!rows || oddName) return false;
  const word = wordOf(typeKey);
  if (word < 0) return false;
  const table: usize = load<u32>(TABLES + (word << 2));
  if (table == 0) return false;
  const key = load<i32>(table);
  if (key >= 0) {
    const number: u32 = wholeNumber(key);
    if (number > 65535 || (load<u8>(table + 4 + (number >> 3)) & (1 << (number & 7))) != 0) return false;
  }
  return isTime(timeKey);
}

/** Gives a record that is not passed over to whoever asked. */
@inline
function isGiven(state: i32): bool {
  if (state == FOUND && isPassed()) {
    passed++;
    return false;
  }
  store<u32>(RECORD, passed, 32);
  return true;
}

/** The next record that is not passed over. 0: there is none, and all of the body is valid; -1: the body is none that is read here. */
export function next(firstColumns: i32): i32 {
  while (true) {
    if (place == TOP) {
      inside |= values > 0 ? newline : 0;
      clearNewline();
      let p = blank(at);
      const apart = newline;
      clearNewline();
      if (p == end) {
        // Of several values each is a line, or none of them has a line break.
        if (inside && follow != ONE) return UNKNOWN;
        store<u32>(RECORD, passed, 32);
        return END;
      }
      if (values == 0) {
        if (apart) return UNKNOWN;
      } else {
        const wanted = apart ? LINES : JOINED;
        if (inside || (follow != ONE && follow != wanted)) return UNKNOWN;
        follow = wanted;
        if (apart) {
          unit = lastNewline + 1;
          isDecided = 0;
        }
      }
      values++;
      const c = load<u8>(p);
      if (c == 0x5b) {
        place = LIST;
        at = p + 1;
      } else if (c == 0x7b) {
        const list = envelope(p + 1);
        if (list == 0) {
          const state = record(p, firstColumns);
          if (isGiven(state)) return state;
          continue;
        }
        place = ENVELOPE;
        at = list;
      } else return UNKNOWN;
      isFirst = 1;
    } else {
      let p = blank(at);
      let c = load<u8>(p);
      if (c == 0x5d && !isFirst) {
        at = p + 1;
        if (place == ENVELOPE) {
          p = blank(at);
          if (load<u8>(p) != 0x7d) return UNKNOWN;
          at = p + 1;
        }
        place = TOP;
        continue;
      }
      if (!isFirst) {
        if (c != 0x2c) return UNKNOWN;
        p = blank(p + 1);
        c = load<u8>(p);
      }
      isFirst = 0;
      if (c != 0x7b) return UNKNOWN;
      const state = record(p, firstColumns);
      if (isGiven(state)) return state;
    }
  }
}

/** Reads the properties of the object at `p`, which is one of a record's values, into the slots. */
export function enter(p: usize): void {
  properties(p + 1);
  store<u32>(RECORD, epoch, 28);
}
