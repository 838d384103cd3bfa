import { parseDynamic } from '../../values/convert';
import { toDynamic } from '../../values/dynamic';
import { isAsItsJson } from '../../values/json';
import type { Value } from '../../values/types';
import { defineFunction } from '../define';

/** Text that is not JSON becomes a dynamic string, "" null; a dynamic is returned as it is. */
export const parseJsonFunction = defineFunction({
  name: 'parse_json',
  aliases: ['parsejson', 'todynamic', 'toobject'],
  docs: 'parse-json-function',
  params: ['any'],
  returns: 'dynamic',
  nulls: 'handle',
  // `parse_json(tostring(x))` is common: the text of what JSON tells exactly is not written to be read again.
  ofTextOf: (value) => (isAsItsJson(value, 0) ? value : undefined),
  bind([value]) {
    const type = value!.type;
    if (type === 'string') return (text: string) => parseDynamic(text);
    return (given: Value) => toDynamic(given, type);
  },
});
