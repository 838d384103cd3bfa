import { meter } from '../../meter';
import type { Dynamic } from '../../values/types';
import { defineFunction } from '../define';
import { splitBy } from './support/search';
import { MAX_TEXT } from './support/text';

interface Pair {
  readonly lookup: string;
  /** undefined: the match is left as it is. */
  readonly rewrite: string | undefined;
}

/** An element that is no string is no lookup, and as a rewrite it leaves the match alone. */
function pairsOf(lookups: Dynamic, rewrites: Dynamic): Pair[] {
  if (!Array.isArray(lookups) || !Array.isArray(rewrites)) return [];
  return lookups.flatMap((lookup, i) => {
    const rewrite = rewrites[i];
    if (typeof lookup !== 'string' || lookup === '') return [];
    return [{ lookup, rewrite: typeof rewrite === 'string' ? rewrite : undefined }];
  });
}

/** Lookups in their order; what one has matched, the later ones do not see. */
export const replaceStrings = defineFunction({
  name: 'replace_strings',
  docs: 'replace-strings-function',
  params: ['string', 'dynamic', 'dynamic'],
  returns: 'string',
  impl(text: string, lookups: Dynamic, rewrites: Dynamic) {
    // Texts at even places are still open to lookups, those at odd places are done.
    let parts = [text];
    const pairs = pairsOf(lookups, rewrites);
    meter.spendSearches(pairs.length, text.length);
    for (const { lookup, rewrite = lookup } of pairs) {
      let size = 0;
      const next: string[] = [];
      parts.forEach((part, i) => {
        const pieces = i % 2 === 1 ? [part] : splitBy(part, lookup);
        pieces.forEach((piece, n) => {
          if (n > 0) next.push(rewrite);
          next.push(piece);
          size += piece.length + (n > 0 ? rewrite.length : 0);
        });
      });
      if (size > MAX_TEXT) return '';
      parts = next;
    }
    return parts.join('');
  },
});
