/** Where things are in the scanner's memory, bytes: as in `wasm/layout.ts`. */
export const SLOTS = 0x14000;
export const RECORD = 0x18000;
export const FOUND = 0x18100;
export const TABLES = 0x28000;

/** From here on: keys, tables of texts, and the body behind them. */
export const HEAP = 0x40000;

/** Numbers that a table's rows are passed over by, from 0. */
export const MAX_NUMBER = 65_535;

/** What `next` gives. */
export const END = 0;
export const UNKNOWN = -1;

/** What `wholeNumber` gives where there is none: no such property, or null; a value that is no plain whole number. */
export const ABSENT = -(2 ** 31);
export const ODD = ABSENT + 1;

/** Bytes behind the body that may be read. */
export const MARGIN = 64;
/** Most keys of a program. */
export const MAX_KEYS = 1000;
