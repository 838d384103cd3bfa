import { type ArgInfo, defineFunction, type Impl } from '../define';
import { equalityOf } from './support/equality';

/** A constant string on one side is the common case of a filter: no null, no conversion. */
function bind(negated: boolean): (args: readonly ArgInfo[]) => Impl {
  return ([left, right]) => {
    if (left!.type === 'string' && right!.type === 'string') {
      return negated ? (a: string, b: string) => a !== b : (a: string, b: string) => a === b;
    }
    const equal = equalityOf(left!.type, right!.type);
    if (!negated) return equal;
    return (a, b) => {
      const result = equal(a, b);
      return result === null ? null : !result;
    };
  };
}

export const equals = defineFunction({
  name: '==',
  docs: 'equals-operator',
  params: ['any', 'any'],
  returns: 'bool',
  nulls: 'handle',
  bind: bind(false),
});

export const notEquals = defineFunction({
  name: '!=',
  docs: 'not-equals-operator',
  params: ['any', 'any'],
  returns: 'bool',
  nulls: 'handle',
  bind: bind(true),
});
