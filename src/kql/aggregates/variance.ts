import { defineAggregate } from './define';
import { moments } from './support/moments';

export const variance = defineAggregate({
  name: 'variance',
  docs: 'variance-aggregation-function',
  params: ['any'],
  returns: () => ['real'],
  bind: ([arg]) => moments('variance', [arg!.type], { sample: true, root: false }),
});
