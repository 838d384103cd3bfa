import { equalsFolded, fold } from './support/fold';
import { defineStringOperator } from './support/string_operator';

const [equal, notEqual] = defineStringOperator('=~', 'equals-operator', (right) => {
  const folded = fold(right);
  return (text) => equalsFolded(text, folded);
});

/** `=~`: equal but for case. */
export const equalsTilde = equal;
export const notEqualsTilde = { ...notEqual, name: '!~', docs: 'not-equals-operator' };
