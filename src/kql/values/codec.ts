import Decimal from 'decimal.js';
import { decimalOf } from './decimal';
import { normLong } from './long';
import { type Dynamic, DynamicScalar, type ScalarType, type Value } from './types';

/** JSON form of a cell that loses nothing; used in plans and in stored state. */
export type Encoded = null | boolean | number | string | Encoded[] | { [key: string]: Encoded };

/** Cell → JSON form. Its type must be kept beside it. */
export function encodeValue(value: Value, type: ScalarType): Encoded {
  if (value === null) return null;
  if (type === 'dynamic') return encodeDynamic(value as Dynamic);
  if (typeof value === 'bigint') return value.toString();
  if (value instanceof Decimal) return value.toString();
  if (typeof value === 'number' && (!Number.isFinite(value) || Object.is(value, -0)))
    return Object.is(value, -0) ? '-0' : String(value);
  return value as Encoded;
}

/** JSON form → cell. */
export function decodeValue(encoded: Encoded, type: ScalarType): Value {
  if (encoded === null) return null;
  switch (type) {
    case 'dynamic':
      return decodeDynamic(encoded);
    case 'datetime':
    case 'timespan':
      return BigInt(encoded as string);
    case 'long':
      return typeof encoded === 'string' ? normLong(BigInt(encoded)) : (encoded as number);
    case 'real':
      return Number(encoded);
    case 'decimal':
      return decimalOf(encoded as string);
    default:
      return encoded as Value;
  }
}

function encodeDynamic(value: Dynamic): Encoded {
  if (value === null || typeof value === 'string' || typeof value === 'boolean') return value;
  if (typeof value === 'number') return Number.isFinite(value) ? value : { r: String(value) };
  if (typeof value === 'bigint') return { l: value.toString() };
  if (Array.isArray(value)) return value.map(encodeDynamic);
  if (value instanceof DynamicScalar) return { t: value.type, v: encodeValue(value.value as Value, value.type) };
  const pairs: Encoded[] = [];
  for (const [key, item] of value) pairs.push(key, encodeDynamic(item));
  return { b: pairs };
}

function decodeDynamic(encoded: Encoded): Dynamic {
  if (encoded === null || typeof encoded !== 'object') return encoded;
  if (Array.isArray(encoded)) return encoded.map(decodeDynamic);
  if (encoded.r !== undefined) return Number(encoded.r);
  if (encoded.l !== undefined) return normLong(BigInt(encoded.l as string));
  if (encoded.t !== undefined) {
    const type = encoded.t as DynamicScalar['type'];
    return new DynamicScalar(type, decodeValue(encoded.v ?? null, type) as DynamicScalar['value']);
  }
  const pairs = encoded.b as Encoded[];
  const bag = new Map<string, Dynamic>();
  for (let i = 0; i < pairs.length; i += 2) bag.set(pairs[i] as string, decodeDynamic(pairs[i + 1] ?? null));
  return bag;
}
