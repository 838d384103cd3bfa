import { checkedDecimal } from '../values/decimal';
import { normLong } from '../values/long';
import type { Value } from '../values/types';
import { type BoundAggregate, defineAggregate } from './define';
import {
  addTotal,
  loadTotal,
  mergeTotal,
  newTotal,
  type Summable,
  saveTotal,
  summable,
  type Total,
} from './support/summable';

function result(total: Total, kind: Summable): Value {
  switch (kind) {
    case 'real':
      return total.real.value;
    case 'decimal':
      return checkedDecimal(total.decimal);
    case 'integer':
      return normLong(BigInt(total.integer));
    case 'ticks':
      return BigInt.asIntN(64, BigInt(total.integer));
  }
}

/** 0 where there is nothing to add. */
export const sum = defineAggregate({
  name: 'sum',
  docs: 'sum-aggregation-function',
  params: ['any'],
  returns: ([arg]) => [arg!.type === 'int' ? 'long' : arg!.type === 'dynamic' ? 'real' : arg!.type],
  bind: ([arg]): BoundAggregate<Total> => {
    const kind = summable('sum', arg!.type);
    return {
      init: newTotal,
      add: (state, [value]) => addTotal(state, value!, kind),
      merge: mergeTotal,
      result: (state) => [result(state, kind)],
      save: (state) => saveTotal(state, kind),
      load: (saved) => loadTotal(saved, kind),
    };
  },
});
