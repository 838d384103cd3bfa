import { keyText } from '../values/compare';
import { type BoundAggregate, defineAggregate } from './define';
import { Distinct, precisionOf } from './support/distinct';

export const dcount = defineAggregate({
  name: 'dcount',
  docs: 'dcount-aggregation-function',
  params: ['any', 'long'],
  optional: 1,
  returns: () => ['long'],
  grows: true,
  bind: ([arg, accuracy]): BoundAggregate<Distinct> => {
    const precision = precisionOf(Number(accuracy?.value ?? 1));
    return {
      init: () => new Distinct(precision),
      add(state, [value]) {
        if (value !== null) state.add(keyText(value!, arg!.type));
      },
      merge: (into, other) => into.merge(other),
      result: (state) => [state.count()],
      save: (state) => state.save(),
      load: (saved) => Distinct.load(saved, precision),
    };
  },
});
