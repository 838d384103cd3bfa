import { type ArgInfo, defineFunction, type Impl } from '../define';
import { arithmetic } from '../support/arithmetic';
import { orderingOf } from './support/ordering';

/** `x >= from and x <= to`; `to` may be a timespan beside datetimes: it counts from `from`. */
function bind(negated: boolean): (args: readonly ArgInfo[]) => Impl {
  return ([value, from, to]) => {
    const relative = from!.type === 'datetime' && to!.type === 'timespan';
    const end = relative ? arithmetic('+', 'datetime', 'timespan') : undefined;
    const lower = orderingOf(value!.type, from!.type);
    const upper = orderingOf(value!.type, end ? 'datetime' : to!.type);
    return (x, a, b) => {
      const low = lower(x, a);
      const last = end ? (a === null || b === null ? null : end.apply(a, b)) : b;
      const high = upper(x, last);
      // One side that fails decides, whatever the other: null and false is false.
      const outside = (low !== null && !(low >= 0)) || (high !== null && !(high <= 0));
      if (outside) return negated;
      return low === null || high === null ? null : !negated;
    };
  };
}

export const between = defineFunction({
  name: 'between',
  docs: 'between-operator',
  params: ['any', 'any', 'any'],
  returns: 'bool',
  nulls: 'handle',
  bind: bind(false),
});

export const notBetween = defineFunction({
  name: '!between',
  docs: 'not-between-operator',
  params: ['any', 'any', 'any'],
  returns: 'bool',
  nulls: 'handle',
  bind: bind(true),
});
