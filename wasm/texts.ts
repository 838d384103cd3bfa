// Which of many texts stand in some bytes, ASCII letters in either case, in one pass that skips most of the bytes:
// S. Wu, U. Manber, "A fast algorithm for multi-pattern searching". The tables are made by `src/scan/texts.ts`.

import { FOUND } from './layout';

let search: u32 = 0;

@inline
function fold(c: u32): u32 {
  return c - 0x41 < 26 ? c | 0x20 : c;
}

function stands(p: usize, text: usize, length: i32): bool {
  for (let i = 0; i < length; i++) if (fold(load<u8>(p + i)) != load<u8>(text + i)) return false;
  return true;
}

/** How many different texts of a set stand between `start` and `end`; their numbers are at FOUND. */
export function find(set: usize, start: usize, end: usize): i32 {
  const window: usize = load<u32>(set);
  const shifts: usize = load<u32>(set, 4);
  const heads: usize = load<u32>(set, 8);
  const entries: usize = load<u32>(set, 12);
  const bits: u32 = load<u32>(set, 16);
  search++;
  let found = 0;
  let p = start + window - 4;
  while (p + 4 <= end) {
    const block: u32 = ((load<u32>(p) | 0x20202020) * 0x9e3779b1) >> bits;
    const step: usize = load<u8>(shifts + block);
    if (step != 0) {
      p += step;
      continue;
    }
    const begin = p + 4 - window;
    for (let number: u32 = load<u16>(heads + (block << 1)); number != 0; ) {
      // Of a text: address, length, place of the window in it, the next with this block; the search that found it.
      const entry = entries + ((number - 1) * 20);
      const length = load<i32>(entry, 4);
      const from = begin - load<u32>(entry, 8);
      if (load<u32>(entry, 16) != search && from >= start && from + length <= end && stands(from, load<u32>(entry), length)) {
        store<u32>(entry, search, 16);
        store<u16>(FOUND + (found << 1), <u16>(number - 1));
        found++;
      }
      number = load<u32>(entry, 12);
    }
    p++;
  }
  return found;
}
