import { type BoundAggregate, defineAggregate } from './define';

interface Count {
  n: number;
}

const bound: BoundAggregate<Count> = {
  init: () => ({ n: 0 }),
  add(state) {
    state.n++;
  },
  merge(into, other) {
    into.n += other.n;
  },
  result: (state) => [state.n],
  save: (state) => state.n,
  load: (saved) => ({ n: saved as number }),
};

export const count = defineAggregate({
  name: 'count',
  aliases: ['cnt'],
  docs: 'count-aggregation-function',
  params: [],
  returns: () => ['long'],
  grows: true,
  bind: () => bound as BoundAggregate<unknown>,
});
