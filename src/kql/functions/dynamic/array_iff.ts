import { scalarOf, toDynamic } from '../../values/dynamic';
import type { Dynamic, Value } from '../../values/types';
import { defineFunction } from '../define';

/** A condition: booleans, and numbers that are true unless 0; null for anything else. */
function truth(value: Dynamic): boolean | null {
  const scalar = scalarOf(value);
  switch (scalar?.type) {
    case 'bool':
      return scalar.value as boolean;
    case 'long':
    case 'real':
    case 'decimal':
      return Number(scalar.value) !== 0;
    default:
      return null;
  }
}

const pick = (choice: Dynamic, i: number): Dynamic => (Array.isArray(choice) ? (choice[i] ?? null) : choice);

export const arrayIff = defineFunction({
  name: 'array_iff',
  aliases: ['array_iif'],
  docs: 'array-iff-function',
  params: ['dynamic', 'any', 'any'],
  returns: 'dynamic',
  builds: true,
  nulls: 'handle',
  bind: (args) => {
    const [, yesType, noType] = args.map(({ type }) => type);
    return (conditions: Dynamic, whenTrue: Value, whenFalse: Value) => {
      if (!Array.isArray(conditions)) return null;
      const yes = toDynamic(whenTrue, yesType!);
      const no = toDynamic(whenFalse, noType!);
      return conditions.map((condition, i) => {
        const chosen = truth(condition);
        return chosen === null ? null : pick(chosen ? yes : no, i);
      });
    };
  },
});
