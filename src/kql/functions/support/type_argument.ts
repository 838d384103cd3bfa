import { invalid } from '../../errors';
import { SCALAR_TYPES, type ScalarType } from '../../values/types';
import type { ArgInfo } from '../define';

const ALIASES = new Map<string, ScalarType>([
  ['boolean', 'bool'],
  ['date', 'datetime'],
  ['double', 'real'],
  ['time', 'timespan'],
  ['uniqueid', 'guid'],
  ['uuid', 'guid'],
]);

/** The type that a `typeof(…)` argument names; string where it is left out. Throws KqlError. */
export function typeArgument(argument: ArgInfo | undefined): ScalarType {
  if (!argument) return 'string';
  const name = argument.constant ? String(argument.value) : '';
  const type = ALIASES.get(name) ?? SCALAR_TYPES.find((known) => known === name);
  if (!type) throw invalid('a type literal is expected: typeof(long)');
  return type;
}
