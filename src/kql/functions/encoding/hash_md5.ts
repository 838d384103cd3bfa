import { defineDigest } from './support/digest';

export const hashMd5 = defineDigest('hash_md5', 'hash-md5-function', 'md5');
