import { invalid } from '../../../errors';
import { convert } from '../../../values/convert';
import { toDynamic } from '../../../values/dynamic';
import type { Dynamic, Value } from '../../../values/types';
import type { ArgInfo, Impl } from '../../define';

/** (key, value)* → bag; the last of two equal keys wins. */
export function bindPack(fn: string, args: readonly ArgInfo[]): Impl {
  if (args.length % 2 !== 0) throw invalid(`${fn}() takes pairs of a key and a value`);
  const types = args.map(({ type }) => type);
  return (...values: Value[]) => {
    const bag = new Map<string, Dynamic>();
    for (let i = 0; i < values.length; i += 2) {
      bag.set(convert(values[i]!, types[i]!, 'string') as string, toDynamic(values[i + 1]!, types[i + 1]!));
    }
    return bag;
  };
}
