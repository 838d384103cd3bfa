import type { Dynamic } from '../values/types';
import { type BoundAggregate, defineAggregate } from './define';
import { Distinct } from './support/distinct';
import { hllFromDynamic, hllToDynamic } from './support/hll';

/** One sketch for each accuracy met: sketches of different accuracies do not merge, the result is then null. */
type Sketches = Map<number, Distinct>;

function take(into: Sketches, sketch: Distinct): void {
  const known = into.get(sketch.precision);
  if (known) known.merge(sketch);
  else into.set(sketch.precision, sketch);
}

/** Merges results of `hll`; anything else is passed over. */
export const hllMerge = defineAggregate({
  name: 'hll_merge',
  docs: 'hll-merge-aggregation-function',
  params: ['dynamic'],
  returns: () => ['dynamic'],
  bind: (): BoundAggregate<Sketches> => ({
    init: () => new Map(),
    add(state, [value]) {
      const sketch = hllFromDynamic(value as Dynamic);
      if (sketch !== null) take(state, sketch);
    },
    merge(into, other) {
      for (const sketch of other.values()) take(into, Distinct.load(sketch.save(), sketch.precision));
    },
    result: (state) => [state.size === 1 ? hllToDynamic([...state.values()][0]!) : null],
    save: (state) =>
      [...state.values()]
        .sort((a, b) => a.precision - b.precision)
        .map((sketch) => ({ ...sketch.save(), p: sketch.precision })),
    load: (saved) =>
      new Map((saved as { p: number }[]).map(({ p, ...sketch }) => [p, Distinct.load(sketch as { e: string }, p)])),
  }),
});
