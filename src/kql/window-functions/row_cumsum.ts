import Decimal from 'decimal.js';
import { invalid } from '../errors';
import { checkedDecimal, Decimal128 } from '../values/decimal';
import { addLong } from '../values/long';
import type { ScalarType, Value } from '../values/types';
import { defineWindow } from './define';

/** Addition in a summable type and its zero. */
function arithmetic(type: ScalarType): { zero: Value; add(a: Value, b: Value): Value } | undefined {
  switch (type) {
    case 'int':
    case 'long':
      return { zero: 0, add: (a, b) => addLong(a as number | bigint, b as number | bigint) };
    case 'real':
      return { zero: 0, add: (a, b) => (a as number) + (b as number) };
    case 'decimal':
      return {
        zero: new Decimal(0),
        add: (a, b) => (a === null ? null : checkedDecimal(new Decimal128(a as Decimal).plus(b as Decimal))),
      };
    case 'timespan':
      return { zero: 0n, add: (a, b) => (a as bigint) + (b as bigint) };
    default:
      return undefined;
  }
}

/** A null term adds nothing. */
export const rowCumsum = defineWindow({
  name: 'row_cumsum',
  docs: 'row-cumsum-function',
  params: ['any', 'bool'],
  optional: 1,
  returns: ([term]) => term!.type,
  bind: ([term]) => {
    const sum = arithmetic(term!.type);
    if (!sum) throw invalid(`row_cumsum() cannot add values of type ${term!.type}`);
    return ([terms, restarts], count) => {
      const values: Value[] = [];
      let current = sum.zero;
      for (let i = 0; i < count; i++) {
        if (restarts?.[i] === true) current = sum.zero;
        const value = terms![i]!;
        if (value !== null) current = sum.add(current, value);
        values.push(current);
      }
      return values;
    };
  },
});
