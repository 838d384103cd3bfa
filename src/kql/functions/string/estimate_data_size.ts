import { unsupported } from '../../errors';
import type { ScalarType, Value } from '../../values/types';
import { defineFunction } from '../define';

const BYTES: Readonly<Partial<Record<ScalarType, number>>> = {
  bool: 1,
  int: 4,
  long: 8,
  real: 8,
  datetime: 8,
  timespan: 8,
  guid: 16,
};

/** Bytes of the columns of a row: of a text its UTF-8, of other types their width. That of dynamic and decimal is not published. */
export const estimateDataSize = defineFunction({
  name: 'estimate_data_size',
  docs: 'estimate-data-size-function',
  params: [],
  rest: 'any',
  returns: 'long',
  nulls: 'handle',
  bind: (args) => {
    const width = args.reduce((sum, { type }) => {
      if (type !== 'string' && BYTES[type] === undefined)
        throw unsupported(`how large estimate_data_size() takes a ${type} to be is not published: name other columns`);
      return sum + (BYTES[type] ?? 0);
    }, 0);
    return (...values: Value[]) =>
      values.reduce<number>(
        (sum, value, i) => (args[i]!.type === 'string' ? sum + utf8Length(value as string) : sum),
        width,
      );
  },
});

const utf8Length = (text: string): number => Buffer.byteLength(text, 'utf8');
