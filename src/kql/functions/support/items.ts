import { scalarOf } from '../../values/dynamic';
import type { Dynamic, ScalarType, Value } from '../../values/types';
import type { ArgInfo } from '../define';

export interface Item {
  readonly value: Value;
  readonly type: ScalarType;
}

/**
 * The items of `in (…)`, `has_any (…)`: a dynamic array among the arguments stands for its elements, and so does one inside it, any other
 * dynamic for the scalar it holds. A list of rows whose cells are arrays (`summarize make_set(…)`) is such an array of arrays.
 * https://learn.microsoft.com/kusto/query/in-cs-operator
 */
export function spreadItems(values: readonly Value[], types: readonly ScalarType[]): Item[] {
  const items: Item[] = [];
  const spread = (value: Dynamic): void => {
    if (Array.isArray(value)) for (const element of value) spread(element);
    else items.push(itemOf(value));
  };
  values.forEach((value, i) => {
    const type = types[i]!;
    if (type === 'dynamic') spread(value as Dynamic);
    else items.push({ value, type });
  });
  return items;
}

const itemOf = (value: Dynamic): Item => scalarOf(value) ?? { value, type: 'dynamic' };

/** Whether all arguments after the first are constant. */
export const constantRest = (args: readonly ArgInfo[]): boolean => args.slice(1).every((arg) => arg.constant);

/** The items where all arguments after the first are constant, else undefined. */
export function constantItems(args: readonly ArgInfo[]): Item[] | undefined {
  const rest = args.slice(1);
  if (!constantRest(args)) return undefined;
  return spreadItems(
    rest.map((arg) => arg.value),
    rest.map((arg) => arg.type),
  );
}
