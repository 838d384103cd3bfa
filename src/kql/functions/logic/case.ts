import { invalid } from '../../errors';
import type { ScalarType, Value } from '../../values/types';
import { type ArgInfo, defineFunction } from '../define';
import { commonType, toCommon } from './support/common_type';

/** The values: every second argument and the last. */
const branches = (args: readonly ArgInfo[]): ArgInfo[] => args.filter((_, i) => i % 2 === 1 || i === args.length - 1);

/** A null predicate counts as false. */
export const caseFunction = defineFunction({
  name: 'case',
  docs: 'case-function',
  params: ['any', 'any', 'any'],
  rest: 'any',
  returns: (args) => commonType(branches(args)),
  nulls: 'handle',
  bind(args) {
    if (args.length % 2 === 0) throw invalid('case() takes pairs of predicate and value, then a last value');
    const type = commonType(branches(args));
    const last = args.length - 1;
    const result = (value: Value, i: number): Value => toCommon(value, args[i]!.type as ScalarType, type);
    return (...values: Value[]) => {
      for (let i = 0; i < last; i += 2) if (isTrue(values[i]!)) return result(values[i + 1]!, i + 1);
      return result(values[last]!, last);
    };
  },
});

const isTrue = (value: Value): boolean => value === true;
