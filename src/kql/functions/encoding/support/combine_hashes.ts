import { normLong } from '../../../values/long';
import { hashBytes } from './hash_bytes';
import { xxhash64 } from './xxhash64';

/** One 64-bit hash of several, in their order. How Kusto combines them is not published: its values are others. */
export const combineHashes = (hashes: readonly (number | bigint)[]): number | bigint =>
  normLong(xxhash64(Buffer.concat(hashes.map((hash) => hashBytes(hash, 'long')))));
