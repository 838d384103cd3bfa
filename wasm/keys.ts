import { HASH, HASH_SIZE, KEYS } from './layout';

let count: i32 = 0;

export function clearKeys(): void {
  memory.fill(HASH, 0, HASH_SIZE * 2);
  count = 0;
}

@inline
function hashOf(p: usize, length: i32): u32 {
  let first: u32 = load<u32>(p);
  let last: u32 = 0;
  if (length >= 4) last = load<u32>(p + length - 4);
  else first &= (1 << (length << 3)) - 1;
  let hash: u32 = (first * 0x9e3779b1) ^ (last * 0x85ebca6b) ^ (<u32>length * 0xc2b2ae35);
  hash ^= hash >> 15;
  hash ^= hash >> 7;
  return hash & (HASH_SIZE - 1);
}

@inline
function isSame(a: usize, b: usize, length: i32): bool {
  let at = 0;
  for (; at + 8 <= length; at += 8) if (load<u64>(a + at) != load<u64>(b + at)) return false;
  for (; at < length; at++) if (load<u8>(a + at) != load<u8>(b + at)) return false;
  return true;
}

/** The number of a key of these bytes; -1: there is none. */
export function keyOf(p: usize, length: i32): i32 {
  let at = hashOf(p, length);
  while (true) {
    const key: i32 = load<u16>(HASH + (at << 1));
    if (key == 0) return -1;
    const entry = KEYS + ((key - 1) << 3);
    if (load<u32>(entry, 4) == <u32>length && isSame(p, load<u32>(entry), length)) return key - 1;
    at = (at + 1) & (HASH_SIZE - 1);
  }
}

/** Makes a key of bytes that stay where they are; its number, the one that it had where it is known. */
export function addKey(p: usize, length: i32): i32 {
  const known = keyOf(p, length);
  if (known >= 0) return known;
  let at = hashOf(p, length);
  while (load<u16>(HASH + (at << 1)) != 0) at = (at + 1) & (HASH_SIZE - 1);
  store<u16>(HASH + (at << 1), <u16>(count + 1));
  store<u32>(KEYS + (count << 3), <u32>p);
  store<u32>(KEYS + (count << 3), length, 4);
  return count++;
}
