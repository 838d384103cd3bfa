import { fold } from './support/fold';
import { defineStringOperator } from './support/string_operator';
import { BOTH_EDGES, containsTerm } from './support/terms';

export const [has, notHas] = defineStringOperator('has', 'has-operator', (right) => {
  const folded = fold(right);
  return (text) => text.length >= folded.length && containsTerm(fold(text), folded, BOTH_EDGES);
});

export const [hasCs, notHasCs] = defineStringOperator('has_cs', 'has-cs-operator', (right) => {
  return (text) => containsTerm(text, right, BOTH_EDGES);
});
