// Where things are in the scanner's memory, bytes; `src/scan/layout.ts` has the same.

/** Hash table of keys: numbers of keys, plus one; u16. */
export const HASH: usize = 0x10000;
export const HASH_SIZE: u32 = 4096;
/** By number of a key: address and length of its bytes; u32 each. */
export const KEYS: usize = 0x12000;
/** By number of a key, of the record last read: its epoch, where the value begins and ends, whether it holds an escape; u32 each. */
export const SLOTS: usize = 0x14000;
/** What `next` found: see `src/scan/layout.ts`. */
export const RECORD: usize = 0x18000;
/** By number of a key that is a table's name: address of what rows of it are passed over, u32; 0: unknown. */
export const TABLES: usize = 0x28000;
/** Of the attributes of a tag: where the name begins, and its length; u32 each. */
export const ATTRIBUTES: usize = 0x18040;
/** Numbers of the texts that a search found, u16 each. */
export const FOUND: usize = 0x18100;
