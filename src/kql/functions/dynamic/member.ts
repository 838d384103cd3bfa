import type { Dynamic } from '../../values/types';
import { defineFunction } from '../define';

/** `object.name`: the property of a bag; null for any other value. */
export const member = defineFunction({
  name: '.member',
  docs: 'scalar-data-types/dynamic#dynamic-object-accessors',
  params: ['dynamic', 'string'],
  returns: 'dynamic',
  pieces: 'text',
  impl: (object: Dynamic, name: string) => (object instanceof Map ? (object.get(name) ?? null) : null),
});
