import { fold, foldedAt } from './support/fold';
import { defineStringOperator } from './support/string_operator';

export const [endsWith, notEndsWith] = defineStringOperator('endswith', 'endswith-operator', (right) => {
  const folded = fold(right);
  return (text) => foldedAt(text, text.length - folded.length, folded);
});

export const [endsWithCs, notEndsWithCs] = defineStringOperator('endswith_cs', 'endswith-cs-operator', (right) => {
  return (text) => text.endsWith(right);
});
