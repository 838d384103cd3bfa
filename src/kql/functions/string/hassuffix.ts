import { defineStringOperator } from './support/string_operator';
import { exactTermTest, termTest } from './support/terms';

const EDGES = { left: false, right: true };

export const [hasSuffix, notHasSuffix] = defineStringOperator('hassuffix', 'hassuffix-operator', (right) =>
  termTest(right, EDGES),
);

export const [hasSuffixCs, notHasSuffixCs] = defineStringOperator('hassuffix_cs', 'hassuffix-cs-operator', (right) =>
  exactTermTest(right, EDGES),
);
