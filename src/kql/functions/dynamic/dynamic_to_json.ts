import { convert } from '../../values/convert';
import { stringifyJson } from '../../values/json';
import type { Dynamic, Value } from '../../values/types';
import { defineFunction } from '../define';

/** JSON text with the keys of every bag sorted, so that equal bags give equal texts; of what is not dynamic, its text. */
export const dynamicToJson = defineFunction({
  name: 'dynamic_to_json',
  docs: 'dynamic-to-json-function',
  params: ['any'],
  returns: 'string',
  bind: ([value]) => {
    const type = value!.type;
    if (type !== 'dynamic') return (given: Value) => convert(given, type, 'string');
    return (given: Value) => stringifyJson(canonical(given as Dynamic));
  },
});

function canonical(value: Dynamic): Dynamic {
  if (Array.isArray(value)) return value.map(canonical);
  if (!(value instanceof Map)) return value;
  const entries = [...value].sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
  return new Map(entries.map(([key, item]) => [key, canonical(item)]));
}
