import { keyText } from '../../values/compare';
import { toDynamic } from '../../values/dynamic';
import type { Dynamic, ScalarType } from '../../values/types';
import type { BoundAggregate } from '../define';
import { KeyedFirsts } from './keyed';

/** The distinct values, in the order of their first appearance; the items of arrays one by one, nulls not. */
export function setOf(type: ScalarType, limit: number): BoundAggregate<KeyedFirsts> {
  return {
    init: () => new KeyedFirsts(limit),
    add(state, [value], order) {
      const item = toDynamic(value!, type);
      const items: readonly Dynamic[] = Array.isArray(item) ? item : [item];
      items.forEach((entry, at) => {
        if (entry !== null) state.put(keyText(entry, 'dynamic'), { order, at, value: entry });
      });
    },
    merge: (into, other) => into.merge(other),
    result: (state) => [state.result().map(([, value]) => value)],
    save: (state) => state.save(),
    load: (saved) => KeyedFirsts.load(saved, limit),
  };
}
