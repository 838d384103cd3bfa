import type { ProblemList } from './check-shape';
import type { FieldValues } from './fields';
import type { PlainValue } from './yaml-file';

/** What the checks look at: the values that fit their shapes, and what the file has at all. */
export interface FileFields {
  values: FieldValues;
  written: { [key: string]: PlainValue };
  list: ProblemList;
}
