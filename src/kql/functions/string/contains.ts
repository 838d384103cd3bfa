import { foldedFinder } from './support/fold';
import { finderOf } from './support/search';
import { defineStringOperator } from './support/string_operator';

export const [contains, notContains] = defineStringOperator('contains', 'contains-operator', (right) => {
  const find = foldedFinder(right);
  return (text) => find(text, 0) >= 0;
});

export const [containsCs, notContainsCs] = defineStringOperator('contains_cs', 'contains-cs-operator', (right) => {
  const find = finderOf(right);
  return (text) => find(text, 0) >= 0;
});
