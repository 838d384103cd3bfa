import { decodeValue, type Encoded, encodeValue } from '../../values/codec';
import { toDynamic } from '../../values/dynamic';
import type { Dynamic, ScalarType } from '../../values/types';
import type { BoundAggregate } from '../define';
import { compareRanked, type Ranked, saveRank } from './ranked';

interface Item extends Ranked {
  readonly value: Dynamic;
}

interface List {
  items: Item[];
}

/** All values in canonical order; of more than `limit` the first. */
export function listOf(type: ScalarType, limit: number, keepNulls: boolean): BoundAggregate<List> {
  const prune = (state: List): void => {
    if (state.items.length <= limit * 2 + 16) return;
    state.items.sort(compareRanked);
    state.items.length = limit;
  };
  return {
    init: () => ({ items: [] }),
    add(state, [value], order) {
      if (value === null && !keepNulls) return;
      state.items.push({ order, at: 0, value: toDynamic(value!, type) });
      prune(state);
    },
    merge(into, other) {
      for (const item of other.items) into.items.push(item);
      prune(into);
    },
    result: (state) => [
      [...state.items]
        .sort(compareRanked)
        .slice(0, limit)
        .map(({ value }) => value),
    ],
    save: (state) => state.items.map((item): Encoded => [...saveRank(item), encodeValue(item.value, 'dynamic')]),
    load: (saved) => ({
      items: (saved as [Ranked['order'], number, Encoded][]).map(([order, at, value]) => ({
        order,
        at,
        value: decodeValue(value, 'dynamic') as Dynamic,
      })),
    }),
  };
}
