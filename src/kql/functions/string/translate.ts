import { defineFunction } from '../define';

/** A character past the end of the replacement list becomes its last one; with an empty list it is removed. */
function table(search: string, replacement: string): Map<string, string> {
  const to = [...replacement];
  const map = new Map<string, string>();
  [...search].forEach((character, i) => {
    if (!map.has(character)) map.set(character, to[Math.min(i, to.length - 1)] ?? '');
  });
  return map;
}

export const translate = defineFunction({
  name: 'translate',
  docs: 'translate-function',
  params: ['string', 'string', 'string'],
  returns: 'string',
  bind([search, replacement]) {
    const fixed =
      search!.constant && replacement!.constant
        ? table(search!.value as string, replacement!.value as string)
        : undefined;
    return (from: string, to: string, text: string) => {
      const map = fixed ?? table(from, to);
      let result = '';
      for (const character of text) result += map.get(character) ?? character;
      return result;
    };
  },
});
