import { keyText } from '../values/compare';
import { type BoundAggregate, defineAggregate } from './define';
import { Distinct, precisionOf } from './support/distinct';
import { hllToDynamic } from './support/hll';

/** What `dcount` counts with, to be merged and counted later. */
export const hll = defineAggregate({
  name: 'hll',
  docs: 'hll-aggregation-function',
  params: ['any', 'long'],
  optional: 1,
  returns: () => ['dynamic'],
  bind: ([arg, accuracy]): BoundAggregate<Distinct> => {
    const precision = precisionOf(Number(accuracy?.value ?? 1));
    return {
      init: () => new Distinct(precision),
      add(state, [value]) {
        if (value !== null) state.add(keyText(value!, arg!.type));
      },
      merge: (into, other) => into.merge(other),
      result: (state) => [hllToDynamic(state)],
      save: (state) => state.save(),
      load: (saved) => Distinct.load(saved, precision),
    };
  },
});
