import { defineFunction } from '../define';
import { bindPack } from './support/pack';

export const bagPack = defineFunction({
  name: 'bag_pack',
  aliases: ['pack', 'pack_dictionary'],
  docs: 'pack-function',
  params: ['any', 'any'],
  rest: 'any',
  returns: 'dynamic',
  builds: true,
  nulls: 'handle',
  bind: (args) => bindPack('bag_pack', args),
});
