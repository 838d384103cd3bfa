import type { Value } from '../../../values/types';
import { defineFunction, type ScalarFunction } from '../../define';
import { constantItems, spreadItems } from '../../support/items';

/**
 * `ipv…_is_in_any_range`: (address, range…), where a range may be a dynamic array of ranges. Null if the address is none, or if no
 * range holds it and one of them is none.
 */
export const anyRange = <T>(
  name: string,
  parse: (text: string) => T | null,
  isInRange: (ip: T, range: T) => boolean,
): ScalarFunction =>
  defineFunction({
    name,
    docs: `${name.replaceAll('_', '-')}-function`,
    params: ['string', 'any'],
    rest: 'any',
    returns: 'bool',
    nulls: 'handle',
    bind: (args) => {
      const types = args.slice(1).map(({ type }) => type);
      const parseAll = (items: ReturnType<typeof spreadItems>): (T | null)[] =>
        items.map((item) => (item.type === 'string' ? parse(item.value as string) : null));
      const constants = constantItems(args);
      const fixed = constants && parseAll(constants);
      return (text: string, ...values: Value[]) => {
        const ip = parse(text);
        if (ip === null) return null;
        const ranges = fixed ?? parseAll(spreadItems(values, types));
        if (ranges.some((range) => range !== null && isInRange(ip, range))) return true;
        return ranges.includes(null) ? null : false;
      };
    },
  });
