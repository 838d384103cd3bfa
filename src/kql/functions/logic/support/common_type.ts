import { convert } from '../../../values/convert';
import { toDynamic } from '../../../values/dynamic';
import type { ScalarType, Value } from '../../../values/types';
import type { ArgInfo } from '../../define';
import { isNumeric, widestNumber } from '../../support/numbers';

/**
 * The type of a result that is one of several values, as Microsoft's binder finds it: the one type that all have (a dynamic among
 * typed ones does not count), the widest of numbers, else dynamic.
 */
export function commonType(args: readonly ArgInfo[]): ScalarType {
  const types = args.map((arg) => arg.type).filter((type) => type !== 'dynamic');
  const first = types[0];
  if (first === undefined) return 'dynamic';
  if (types.every((type) => type === first)) return first;
  return types.every(isNumeric) ? widestNumber(types) : 'dynamic';
}

/** Brings a cell to the common type. */
export function toCommon(value: Value, from: ScalarType, to: ScalarType): Value {
  if (from === to) return value;
  return to === 'dynamic' ? toDynamic(value, from) : convert(value, from, to);
}
