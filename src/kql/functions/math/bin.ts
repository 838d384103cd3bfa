import type { Value } from '../../values/types';
import { defineFunction } from '../define';
import { binner, binType } from './support/bin';

/** Rounds down to a multiple of the size, also below zero; datetimes count from 0001-01-01. `floor(x)` alone has the size 1. */
export const bin = defineFunction({
  name: 'bin',
  aliases: ['floor'],
  docs: 'bin-function',
  params: ['any', 'any'],
  optional: 1,
  returns: (args) => binType(args.map((arg) => arg.type)),
  bind(args) {
    const down = binner(args.length === 1 ? [args[0]!.type, 'long'] : args.map((arg) => arg.type));
    return (value: Value, size: Value = 1) => down(value, size, undefined);
  },
});
