import type { ArgInfo } from '../../functions/define';
import { decodeValue, type Encoded, encodeValue } from '../../values/codec';
import { nullOf, type Value } from '../../values/types';
import type { BoundAggregate, Order } from '../define';

interface Candidate {
  readonly order: Order;
  readonly values: readonly Value[];
}

interface Chosen {
  row: Candidate | undefined;
}

/**
 * The arguments of one row of the group: the best by `compare` (negative: the first is better), among equals the first in canonical order.
 * Nulls where there is no row.
 */
export function chosenRow(
  args: readonly ArgInfo[],
  compare: (a: readonly Value[], b: readonly Value[]) => number,
): BoundAggregate<Chosen> {
  const types = args.map(({ type }) => type);
  const put = (state: Chosen, row: Candidate): void => {
    const best = state.row;
    const difference = best ? compare(row.values, best.values) : -1;
    if (difference < 0 || (difference === 0 && row.order < best!.order)) state.row = row;
  };
  return {
    init: () => ({ row: undefined }),
    add: (state, values, order) => put(state, { order, values }),
    merge(into, other) {
      if (other.row) put(into, other.row);
    },
    result: (state) => (state.row ? [...state.row.values] : types.map(nullOf)),
    save: ({ row }): Encoded => (row ? [row.order, row.values.map((value, i) => encodeValue(value, types[i]!))] : null),
    load(saved) {
      if (saved === null) return { row: undefined };
      const [order, values] = saved as [Order, Encoded[]];
      return { row: { order, values: values.map((value, i) => decodeValue(value, types[i]!)) } };
    },
  };
}
