import { isHidden, type Pipeline } from '../ir';
import type { Binder } from '../prepared';
import { createRuntime } from '../runtime';

/**
 * The texts of the first column of a query over fixed rows, as `in (…)` and `has_any (…)` read it; undefined where it is not a column of text, or
 * the query fails.
 */
export function fixedTexts(plan: Pipeline, binder: Binder): readonly string[] | undefined {
  try {
    const { schema, rows } = binder.pipeline(plan).run(createRuntime({ now: 0n }));
    const index = schema.findIndex(({ name }) => !isHidden(name));
    if (index < 0) return [];
    return schema[index]!.type === 'string' ? rows.map((row) => row[index] as string) : undefined;
  } catch {
    // Who evaluates the condition meets the error.
    return undefined;
  }
}
