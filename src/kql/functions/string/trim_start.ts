import { defineFunction } from '../define';
import { startTrimmer } from './support/trim';

/** Removes the match at the start. */
export const trimStart = defineFunction({
  name: 'trim_start',
  docs: 'trim-start-function',
  params: ['string', 'string'],
  returns: 'string',
  bind: ([pattern]) => startTrimmer(pattern!, false),
});
