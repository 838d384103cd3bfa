import { fold } from './support/fold';
import { defineStringOperator } from './support/string_operator';
import { containsTerm } from './support/terms';

const EDGES = { left: true, right: false };

export const [hasPrefix, notHasPrefix] = defineStringOperator('hasprefix', 'hasprefix-operator', (right) => {
  const folded = fold(right);
  return (text) => text.length >= folded.length && containsTerm(fold(text), folded, EDGES);
});

export const [hasPrefixCs, notHasPrefixCs] = defineStringOperator('hasprefix_cs', 'hasprefix-cs-operator', (right) => {
  return (text) => containsTerm(text, right, EDGES);
});
