import { queryTable } from './kql';

/** The values of KQL expressions, as JSON: `print` of all of them. */
export const valuesOf = (...expressions: string[]): unknown[] => queryTable(`print ${expressions.join(', ')}`).rows[0]!;

/** Checks each expression against its value. */
export function expectValues(cases: readonly (readonly [expression: string, value: unknown])[]): void {
  const values = valuesOf(...cases.map(([expression]) => expression));
  expect(Object.fromEntries(cases.map(([expression], i) => [expression, values[i]]))).toEqual(
    Object.fromEntries(cases),
  );
}
