import { meter } from '../../../meter';
import type { Value } from '../../../values/types';
import { defineFunction, type ScalarFunction } from '../../define';
import { constantItems, spreadItems } from '../../support/items';
import type { Ipv4Test } from './ipv4_search';

/** `has_…ipv4…` functions: (text, address or prefix…), where one may be a dynamic array of them. */
export const hasIpv4Function = (name: string, search: (needle: string) => Ipv4Test, many: boolean): ScalarFunction =>
  defineFunction({
    name,
    docs: `${name.replaceAll('_', '-')}-function`,
    params: ['string', 'any'],
    rest: many ? 'any' : undefined,
    returns: 'bool',
    nulls: 'handle',
    bind: (args) => {
      const types = args.slice(1).map(({ type }) => type);
      const compile = (items: ReturnType<typeof spreadItems>): Ipv4Test[] =>
        items.flatMap((item) => (item.type === 'string' ? [search(item.value as string)] : []));
      const constants = constantItems(args);
      const fixed = constants && compile(constants);
      return (source: string, ...values: Value[]) => {
        const tests = fixed ?? compile(spreadItems(values, types));
        if (!fixed) meter.spendSearches(tests.length, source.length);
        return tests.some((test) => test(source));
      };
    },
  });
