import { scalarOf } from '../../values/dynamic';
import type { Dynamic, Value } from '../../values/types';
import { defineFunction } from '../define';

/** `object[key]`: a property of a bag by name, an element of an array by position, from the end where negative; else null. */
export const element = defineFunction({
  name: '[]',
  docs: 'scalar-data-types/dynamic#dynamic-object-accessors',
  params: ['dynamic', 'any'],
  returns: 'dynamic',
  pieces: 'text',
  bind: ([, index]) => {
    const dynamicIndex = index!.type === 'dynamic';
    return (object: Dynamic, given: Value) => {
      const key = dynamicIndex ? (scalarOf(given as Dynamic)?.value ?? null) : given;
      if (object instanceof Map) return typeof key === 'string' ? (object.get(key) ?? null) : null;
      if (!Array.isArray(object) || typeof key !== 'number') return null;
      return object[key < 0 ? object.length + key : key] ?? null;
    };
  },
});
