import { fold } from './support/fold';
import { defineStringOperator } from './support/string_operator';
import { containsTerm } from './support/terms';

const EDGES = { left: false, right: true };

export const [hasSuffix, notHasSuffix] = defineStringOperator('hassuffix', 'hassuffix-operator', (right) => {
  const folded = fold(right);
  return (text) => text.length >= folded.length && containsTerm(fold(text), folded, EDGES);
});

export const [hasSuffixCs, notHasSuffixCs] = defineStringOperator('hassuffix_cs', 'hassuffix-cs-operator', (right) => {
  return (text) => containsTerm(text, right, EDGES);
});
