/** A place in a text file as editors count it: lines and columns (UTF-16 units) from 1. */
export interface Position {
  line: number;
  column: number;
}
