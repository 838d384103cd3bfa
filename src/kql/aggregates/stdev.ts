import { defineAggregate } from './define';
import { moments } from './support/moments';

export const stdev = defineAggregate({
  name: 'stdev',
  docs: 'stdev-aggregation-function',
  params: ['any'],
  returns: () => ['real'],
  bind: ([arg]) => moments('stdev', [arg!.type], { sample: true, root: true }),
});
