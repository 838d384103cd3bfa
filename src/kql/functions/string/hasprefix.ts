import { defineStringOperator } from './support/string_operator';
import { exactTermTest, termTest } from './support/terms';

const EDGES = { left: true, right: false };

export const [hasPrefix, notHasPrefix] = defineStringOperator('hasprefix', 'hasprefix-operator', (right) =>
  termTest(right, EDGES),
);

export const [hasPrefixCs, notHasPrefixCs] = defineStringOperator('hasprefix_cs', 'hasprefix-cs-operator', (right) =>
  exactTermTest(right, EDGES),
);
