import { defineAggregate } from './define';
import { moments } from './support/moments';

/** Rows where either value is null do not count. */
export const covariance = defineAggregate({
  name: 'covariance',
  docs: 'covariance-aggregation-function',
  params: ['any', 'any'],
  returns: () => ['real'],
  bind: ([x, y]) => moments('covariance', [x!.type, y!.type], { sample: true, root: false }),
});
