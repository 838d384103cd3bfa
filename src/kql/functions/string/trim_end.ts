import { defineFunction } from '../define';
import { endTrimmer } from './support/trim';

/** Removes the match at the end. */
export const trimEnd = defineFunction({
  name: 'trim_end',
  docs: 'trim-end-function',
  params: ['string', 'string'],
  returns: 'string',
  bind: ([pattern]) => endTrimmer(pattern!, false),
});
