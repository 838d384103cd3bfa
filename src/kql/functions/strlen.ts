import { defineFunction } from './define';

export const strlen = defineFunction({
  name: 'strlen',
  docs: 'strlen-function',
  params: ['string'],
  returns: 'long',
  impl: (text: string) => {
    let length = text.length;
    for (let i = 0; i < text.length - 1; i++) {
      if ((text.charCodeAt(i) & 0xfc00) === 0xd800 && (text.charCodeAt(i + 1) & 0xfc00) === 0xdc00) {
        length--;
        i++;
      }
    }
    return length;
  },
});
