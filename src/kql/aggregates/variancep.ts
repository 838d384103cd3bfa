import { defineAggregate } from './define';
import { moments } from './support/moments';

export const variancep = defineAggregate({
  name: 'variancep',
  docs: 'variancep-aggregation-function',
  params: ['any'],
  returns: () => ['real'],
  bind: ([arg]) => moments('variancep', [arg!.type], { sample: false, root: false }),
});
