import { defineAggregate } from './define';
import { conditional } from './support/conditional';
import { takeAny } from './take_any';

export const takeAnyif = conditional(defineAggregate({ ...takeAny, params: ['any'], rest: undefined }), {
  name: 'take_anyif',
  aliases: ['anyif'],
  docs: 'take-anyif-aggregation-function',
});
