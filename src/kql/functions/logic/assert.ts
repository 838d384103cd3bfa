import { KqlError } from '../../errors';
import { defineFunction } from '../define';

/** True, or an error with the message: the query fails. */
export const assertFunction = defineFunction({
  name: 'assert',
  docs: 'assert-function',
  params: ['bool', 'string'],
  returns: 'bool',
  nulls: 'handle',
  fails: true,
  impl(holds: boolean | null, message: string) {
    if (holds !== true) throw new KqlError('run', `assertion failed: ${message}`);
    return true;
  },
});
