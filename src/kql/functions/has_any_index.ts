import { toText } from '../values/convert';
import type { Dynamic } from '../values/types';
import { defineFunction } from './define';
import { fold } from './support/fold';
import { BOTH_EDGES, containsTerm } from './support/terms';

/** Position in the array of the first item that the text `has`; -1 without one. */
export const hasAnyIndex = defineFunction({
  name: 'has_any_index',
  docs: 'has-any-index-function',
  params: ['string', 'dynamic'],
  returns: 'long',
  bind([, list]) {
    const needles = (values: Dynamic): string[] =>
      Array.isArray(values) ? values.map((value) => fold(toText(value, 'dynamic'))) : [];
    const fixed = list!.constant ? needles(list!.value as Dynamic) : undefined;
    return (text: string, values: Dynamic) => {
      const wanted = fixed ?? needles(values);
      const folded = fold(text);
      return wanted.findIndex((needle) => containsTerm(folded, needle, BOTH_EDGES));
    };
  },
});
