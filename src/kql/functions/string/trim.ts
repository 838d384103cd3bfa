import { defineFunction } from '../define';
import { endTrimmer, startTrimmer } from './support/trim';

/** Removes all leading and trailing matches. */
export const trim = defineFunction({
  name: 'trim',
  docs: 'trim-function',
  params: ['string', 'string'],
  returns: 'string',
  bind([pattern]) {
    const start = startTrimmer(pattern!, true);
    const end = endTrimmer(pattern!, true);
    return (source: string, text: string) => end(source, start(source, text));
  },
});
