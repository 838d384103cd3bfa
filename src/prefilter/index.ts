export { Prefilter, type PrefilterOptions } from './prefilter';
export type { Atom, LegRequirements, Requirement } from './requirement';
export type { PickedRecord, Verdict } from './verdict';
