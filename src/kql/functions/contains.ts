import { fold } from './support/fold';
import { defineStringOperator } from './support/string_operator';

export const [contains, notContains] = defineStringOperator('contains', 'contains-operator', (right) => {
  const folded = fold(right);
  return (text) => text.length >= folded.length && fold(text).includes(folded);
});

export const [containsCs, notContainsCs] = defineStringOperator('contains_cs', 'contains-cs-operator', (right) => {
  return (text) => text.includes(right);
});
