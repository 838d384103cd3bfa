import { defineAggregate } from './define';
import { moments } from './support/moments';

export const stdevp = defineAggregate({
  name: 'stdevp',
  docs: 'stdevp-aggregation-function',
  params: ['any'],
  returns: () => ['real'],
  bind: ([arg]) => moments('stdevp', [arg!.type], { sample: false, root: true }),
});
