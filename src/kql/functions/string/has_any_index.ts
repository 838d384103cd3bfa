import { meter } from '../../meter';
import { toText } from '../../values/convert';
import type { Dynamic } from '../../values/types';
import { defineFunction } from '../define';
import type { TextTest } from './support/string_operator';
import { BOTH_EDGES, termTest } from './support/terms';

/** Characters that are searched in the time that a needle takes to be made ready. */
const NEEDLE = 1000;

/** Position in the array of the first item that the text `has`; -1 without one. */
export const hasAnyIndex = defineFunction({
  name: 'has_any_index',
  docs: 'has-any-index-function',
  params: ['string', 'dynamic'],
  returns: 'long',
  bind([, list]) {
    const prepare = (values: Dynamic): TextTest[] =>
      Array.isArray(values) ? values.map((value) => termTest(toText(value, 'dynamic'), BOTH_EDGES)) : [];
    const fixed = list!.constant ? prepare(list!.value as Dynamic) : undefined;
    return (text: string, values: Dynamic) => {
      if (!fixed && Array.isArray(values)) meter.spendSearches(values.length, text.length + NEEDLE);
      return (fixed ?? prepare(values)).findIndex((test) => test(text));
    };
  },
});
