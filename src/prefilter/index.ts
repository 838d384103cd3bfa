export { createPrefilter, type Prefilter, type PrefilterOptions } from './prefilter';
export type { Requirement } from './requirement';
