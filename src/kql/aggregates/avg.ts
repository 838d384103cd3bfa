import Decimal from 'decimal.js';
import { checkedDecimal } from '../values/decimal';
import type { ScalarType, Value } from '../values/types';
import { type BoundAggregate, defineAggregate } from './define';
import { ratioToReal } from './support/exact-real';
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

/** A sum may be beyond the range of what it is the sum of. */
const Quotient = Decimal.clone({ precision: 34 });

function result(total: Total, kind: Summable): Value {
  if (total.n === 0) return kind === 'integer' || kind === 'real' ? Number.NaN : null;
  switch (kind) {
    case 'real':
      return total.real.dividedBy(BigInt(total.n));
    case 'integer':
      return ratioToReal(BigInt(total.integer), BigInt(total.n), 0);
    case 'decimal':
      return checkedDecimal(new Quotient(total.decimal).div(total.n));
    case 'ticks':
      return BigInt(total.integer) / BigInt(total.n);
  }
}

const typeOf = (type: ScalarType): ScalarType =>
  type === 'decimal' || type === 'timespan' || type === 'datetime' ? type : 'real';

/** NaN where there is nothing to average (null for decimal, timespan and datetime). */
export const avg = defineAggregate({
  name: 'avg',
  docs: 'avg-aggregation-function',
  params: ['any'],
  returns: ([arg]) => [typeOf(arg!.type)],
  bind: ([arg]): BoundAggregate<Total> => {
    const kind = summable('avg', arg!.type);
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
