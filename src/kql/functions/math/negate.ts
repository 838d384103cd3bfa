import type Decimal from 'decimal.js';
import { invalid } from '../../errors';
import { checkedDatetime } from '../../values/datetime';
import { scalarOf, toDynamic } from '../../values/dynamic';
import { subLong } from '../../values/long';
import type { Dynamic, ScalarType, Value } from '../../values/types';
import { defineFunction } from '../define';

/** Minus a cell of a type; undefined where the type has no sign. */
function negation(type: ScalarType): ((value: Value) => Value) | undefined {
  switch (type) {
    case 'int':
    case 'long':
      return (value) => subLong(0, value as number | bigint);
    case 'real':
      return (value) => -(value as number);
    case 'decimal':
      return (value) => (value as Decimal).negated();
    case 'timespan':
      return (value) => BigInt.asIntN(64, -(value as bigint));
    case 'datetime':
      return (value) => checkedDatetime(-(value as bigint));
    case 'dynamic':
      return (value) => {
        const scalar = scalarOf(value as Dynamic);
        const negate = scalar ? negation(scalar.type) : undefined;
        return negate ? toDynamic(negate(scalar!.value), scalar!.type) : null;
      };
    default:
      return undefined;
  }
}

export const negate = defineFunction({
  name: 'unary-',
  docs: 'numerical-operators',
  params: ['any'],
  returns: ([value]) => value!.type,
  bind([value]) {
    const impl = negation(value!.type);
    if (!impl) throw invalid(`operator '-' is not defined for ${value!.type}`);
    return impl;
  },
});
