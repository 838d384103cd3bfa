import { defineDigest } from './support/digest';

export const hashSha1 = defineDigest('hash_sha1', 'hash-sha1-function', 'sha1');
