// What the slots of the record last read hold.

import { epoch } from './json';
import { keyOf } from './keys';
import { SLOTS } from './layout';

/** No such property, or null; a value that is no plain whole number. As in `src/scan/layout.ts`. */
const ABSENT: i32 = i32.MIN_VALUE;
export const ODD: i32 = i32.MIN_VALUE + 1;

/** A property's whole number of at most 9 digits, written as number or text. */
export function wholeNumber(key: i32): i32 {
  const slot = SLOTS + (key << 4);
  if (load<u32>(slot) != epoch) return ABSENT;
  let p: usize = load<u32>(slot, 4);
  let stop: usize = load<u32>(slot, 8);
  if (load<u8>(p) == 0x6e) return ABSENT;
  if (load<u8>(p) == 0x22) {
    p++;
    stop--;
  }
  return numberBetween(p, stop);
}

export function numberBetween(p: usize, stop: usize): i32 {
  const negative = load<u8>(p) == 0x2d;
  if (negative) p++;
  const length = stop - p;
  if (length < 1 || length > 9 || (load<u8>(p) == 0x30 && (length > 1 || negative))) return ODD;
  let result: i32 = 0;
  for (; p < stop; p++) {
    const digit: i32 = <i32>load<u8>(p) - 0x30;
    if (<u32>digit > 9) return ODD;
    result = result * 10 + digit;
  }
  return negative ? -result : result;
}

/** The number of the key that a property's text equals; -1: of none, or it is no text without escapes. */
export function wordOf(key: i32): i32 {
  const slot = SLOTS + (key << 4);
  if (load<u32>(slot) != epoch || load<u32>(slot, 12) != 0) return -1;
  const p: usize = load<u32>(slot, 4);
  if (load<u8>(p) != 0x22) return -1;
  return keyOf(p + 1, <i32>(<usize>load<u32>(slot, 8) - p - 2));
}

@inline
function two(p: usize): u32 {
  const a: u32 = <u32>load<u8>(p) - 0x30;
  const b: u32 = <u32>load<u8>(p, 1) - 0x30;
  return a < 10 && b < 10 ? a * 10 + b : 1_000_000;
}

/** Whether a property's text is a time such as 2026-03-14T14:31:07.1230000Z, of a day that every month has. */
export function isTime(key: i32): bool {
  const slot = SLOTS + (key << 4);
  if (load<u32>(slot) != epoch) return false;
  const p: usize = load<u32>(slot, 4);
  const stop: usize = load<u32>(slot, 8) - 1;
  return load<u8>(p) == 0x22 && isTimeBetween(p + 1, stop);
}

export function isTimeBetween(p: usize, stop: usize): bool {
  const length = stop - p;
  if (length < 20 || length > 32 || load<u8>(stop - 1) != 0x5a) return false;
  const year = two(p) * 100 + two(p + 2);
  if (year < 1 || year > 9999) return false;
  if (load<u8>(p, 4) != 0x2d || load<u8>(p, 7) != 0x2d || load<u8>(p, 10) != 0x54) return false;
  if (load<u8>(p, 13) != 0x3a || load<u8>(p, 16) != 0x3a) return false;
  if (two(p + 5) - 1 > 11 || two(p + 8) - 1 > 27) return false;
  if (two(p + 11) > 23 || two(p + 14) > 59 || two(p + 17) > 59) return false;
  if (length == 20) return true;
  if (load<u8>(p, 19) != 0x2e || length == 21) return false;
  for (let digit = p + 20; digit < stop - 1; digit++) if (<u32>load<u8>(digit) - 0x30 > 9) return false;
  return true;
}
