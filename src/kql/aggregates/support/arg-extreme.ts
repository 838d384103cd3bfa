import { compareValues } from '../../values/compare';
import { type Aggregate, defineAggregate } from '../define';
import { chosenRow } from './chosen-row';

/** The row with the greatest (`sign` 1) or least (-1) first argument; a row where it is null only if there is no other. */
export const argExtreme = (name: string, alias: string, docs: string, sign: 1 | -1): Aggregate =>
  defineAggregate({
    name,
    aliases: [alias],
    docs,
    params: ['any'],
    rest: 'any',
    returns: (args) => args.map(({ type }) => type),
    ordered: true,
    bind: (args) =>
      chosenRow(args, ([a], [b]) => {
        if (a === null || b === null) return Number(a === null) - Number(b === null);
        return -sign * compareValues(a!, b!);
      }),
  });
