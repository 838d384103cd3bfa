import { defineStringOperator } from './support/string_operator';
import { BOTH_EDGES, exactTermTest, termTest } from './support/terms';

export const [has, notHas] = defineStringOperator('has', 'has-operator', (right) => termTest(right, BOTH_EDGES));

export const [hasCs, notHasCs] = defineStringOperator('has_cs', 'has-cs-operator', (right) =>
  exactTermTest(right, BOTH_EDGES),
);
