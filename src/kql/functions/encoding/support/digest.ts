import { createHash } from 'node:crypto';
import { toText } from '../../../values/convert';
import type { Value } from '../../../values/types';
import { defineFunction, type ScalarFunction } from '../../define';

/** A digest of the value's text in UTF-8, as lower-case hexadecimal digits. */
export const defineDigest = (name: string, docs: string, algorithm: 'md5' | 'sha1' | 'sha256'): ScalarFunction =>
  defineFunction({
    name,
    docs,
    params: ['any'],
    returns: 'string',
    bind: ([source]) => {
      const type = source!.type;
      return (value: Value) => createHash(algorithm).update(toText(value, type), 'utf8').digest('hex');
    },
  });
