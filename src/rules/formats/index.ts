import type { PlainValue } from '../yaml-file';
import { armRules } from './arm';
import { customDetection, isCustomDetection } from './custom-detection';
import type { WrittenRules } from './written-rule';

export { parseJsonFile } from './json-file';
export { type FormatFault, viewOf, type WrittenRule } from './written-rule';

/** The rules of a file of another form than a rule file's: exports and packages of Sentinel, custom detections. undefined: it is none. */
export const rulesOf = (value: PlainValue): WrittenRules | undefined =>
  isCustomDetection(value) ? customDetection(value) : armRules(value);
