import { defineFunction } from '../define';
import { bindPack } from './support/pack';

/** Called with a (name, value) pair for each column. */
export const bagPackColumns = defineFunction({
  name: 'bag_pack_columns',
  docs: 'bag-pack-columns-function',
  params: ['any', 'any'],
  rest: 'any',
  returns: 'dynamic',
  builds: true,
  nulls: 'handle',
  bind: (args) => bindPack('bag_pack_columns', args),
});
