import { fold, foldedAt } from './support/fold';
import { defineStringOperator } from './support/string_operator';

export const [startsWith, notStartsWith] = defineStringOperator('startswith', 'startswith-operator', (right) => {
  const folded = fold(right);
  return (text) => foldedAt(text, 0, folded);
});

export const [startsWithCs, notStartsWithCs] = defineStringOperator(
  'startswith_cs',
  'startswith-cs-operator',
  (right) => {
    return (text) => text.startsWith(right);
  },
);
