import type { Value } from '../values/types';
import { defineAggregate } from './define';
import { chosenRow } from './support/chosen-row';

const isEmpty = (value: Value): number => Number(value === null || value === '');

/** The first row; with a single argument the first value that is neither null nor empty, if there is one. */
export const takeAny = defineAggregate({
  name: 'take_any',
  aliases: ['any'],
  docs: 'take-any-aggregation-function',
  params: [],
  rest: 'any',
  returns: (args) => args.map(({ type }) => type),
  ordered: true,
  bind: (args) => chosenRow(args, ([a], [b]) => (args.length === 1 ? isEmpty(a!) - isEmpty(b!) : 0)),
});
