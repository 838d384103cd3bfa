import { invalid } from '../../errors';
import type { Encoded } from '../../values/codec';
import { normLong } from '../../values/long';
import { type Aggregate, type BoundAggregate, defineAggregate } from '../define';

interface Bits {
  value: bigint | null;
}

/** A bitwise operation over all non-null values; null where there are none. */
export const binaryAll = (name: string, docs: string, combine: (a: bigint, b: bigint) => bigint): Aggregate =>
  defineAggregate({
    name,
    docs,
    params: ['any'],
    returns: ([arg]) => [arg!.type === 'int' ? 'int' : 'long'],
    bind: ([arg]): BoundAggregate<Bits> => {
      if (arg!.type !== 'int' && arg!.type !== 'long')
        throw invalid(`${name}() cannot take values of type ${arg!.type}`);
      const put = (state: Bits, value: bigint | null): void => {
        if (value !== null) state.value = state.value === null ? value : combine(state.value, value);
      };
      return {
        init: () => ({ value: null }),
        add: (state, [value]) => put(state, value === null ? null : BigInt(value as number | bigint)),
        merge: (into, other) => put(into, other.value),
        result: (state) => [state.value === null ? null : normLong(state.value)],
        save: (state): Encoded => (state.value === null ? null : state.value.toString()),
        load: (saved) => ({ value: saved === null ? null : BigInt(saved as string) }),
      };
    },
  });
