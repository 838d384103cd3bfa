import { invalid } from '../../errors';
import { decodeValue, encodeValue } from '../../values/codec';
import { compareValues } from '../../values/compare';
import { nullOf, type Value } from '../../values/types';
import { type Aggregate, type BoundAggregate, defineAggregate } from '../define';

interface Extreme {
  value: Value;
}

/** -0 and 0 are equal: one of them must stand for both. */
export const plainZero = (value: Value): Value => (value === 0 ? 0 : value);

/** The greatest (`sign` 1) or least (-1) non-null value. */
export const extreme = (name: string, docs: string, sign: 1 | -1): Aggregate =>
  defineAggregate({
    name,
    docs,
    params: ['any'],
    returns: ([arg]) => [arg!.type],
    grows: sign === 1,
    bind: ([arg]): BoundAggregate<Extreme> => {
      const { type } = arg!;
      if (type === 'guid' || type === 'dynamic') throw invalid(`${name}() cannot order values of type ${type}`);
      const put = (state: Extreme, value: Value): void => {
        if (value === null) return;
        if (state.value === null || sign * compareValues(value, state.value) > 0) state.value = plainZero(value);
      };
      return {
        init: () => ({ value: null }),
        add: (state, [value]) => put(state, value!),
        merge: (into, other) => put(into, other.value),
        result: (state) => [state.value === null ? nullOf(type) : state.value],
        save: (state) => encodeValue(state.value, type),
        load: (saved) => ({ value: decodeValue(saved, type) }),
      };
    },
  });
