import { defineDigest } from './support/digest';

export const hashSha256 = defineDigest('hash_sha256', 'hash-sha256-function', 'sha256');
