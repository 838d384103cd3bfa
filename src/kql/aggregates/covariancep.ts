import { defineAggregate } from './define';
import { moments } from './support/moments';

/** Rows where either value is null do not count. */
export const covariancep = defineAggregate({
  name: 'covariancep',
  docs: 'covariancep-aggregation-function',
  params: ['any', 'any'],
  returns: () => ['real'],
  bind: ([x, y]) => moments('covariancep', [x!.type, y!.type], { sample: false, root: false }),
});
