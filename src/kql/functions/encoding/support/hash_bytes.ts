import { toText } from '../../../values/convert';
import type { ScalarType, Value } from '../../../values/types';
import { guidBytes } from './bytes';

/**
 * The bytes of a cell that Kusto's 64-bit hash reads: the UTF-8 of a string, the binary form (little-endian) of anything else.
 * Published values settle strings and datetimes (as ticks).
 */
export function hashBytes(value: Value, type: ScalarType): Buffer {
  const bytes = Buffer.alloc(type === 'int' ? 4 : 8);
  switch (type) {
    case 'long':
    case 'datetime':
    case 'timespan':
      bytes.writeBigInt64LE(BigInt(value as number | bigint));
      return bytes;
    case 'int':
      bytes.writeInt32LE(value as number);
      return bytes;
    case 'real':
      bytes.writeDoubleLE(value as number);
      return bytes;
    case 'bool':
      return Buffer.from([value ? 1 : 0]);
    case 'guid':
      return guidBytes(value as string);
    default:
      return Buffer.from(toText(value, type), 'utf8');
  }
}
