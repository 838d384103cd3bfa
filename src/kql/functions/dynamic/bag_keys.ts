import { type Dynamic, isBag } from '../../values/types';
import { defineFunction } from '../define';

export const bagKeys = defineFunction({
  name: 'bag_keys',
  docs: 'bag-keys-function',
  params: ['dynamic'],
  returns: 'dynamic',
  impl: (bag: Dynamic) => (isBag(bag) ? [...bag.keys()] : null),
});
