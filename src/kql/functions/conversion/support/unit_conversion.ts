import type { Value } from '../../../values/types';
import { defineFunction, type ScalarFunction } from '../../define';

/** How a value of a unit becomes one of the base unit, and back: by a factor, or by functions where a factor will not do. */
export type Unit = number | { readonly to: (value: number) => number; readonly from: (base: number) => number };

/** `convert_…(value, from, to)`: units by the names that the documentation lists, in its case; null for an unknown unit. */
export function defineConversion(quantity: string, units: Readonly<Record<string, Unit>>): ScalarFunction {
  const table = new Map(Object.entries(units));
  return defineFunction({
    name: `convert_${quantity}`,
    docs: `convert-${quantity}-function`,
    params: ['real', 'string', 'string'],
    returns: 'real',
    impl: (value: number, from: string, to: string): Value => {
      const [given, wanted] = [table.get(from), table.get(to)];
      if (given === undefined || wanted === undefined) return null;
      if (typeof given === 'number' && typeof wanted === 'number') return (value * given) / wanted;
      const base = typeof given === 'number' ? value * given : given.to(value);
      return typeof wanted === 'number' ? base / wanted : wanted.from(base);
    },
  });
}
