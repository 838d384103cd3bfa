import type { Dynamic } from '../../values/types';
import { Distinct } from './distinct';

/** Distinct keys as a dynamic: what `hll` gives and `dcount_hll`, `hll_merge` take. Its form is ours, as Kusto's is Kusto's. */
export function hllToDynamic(distinct: Distinct): Dynamic {
  const [[kind, text]] = Object.entries(distinct.save()) as [[string, string]];
  return ['hll', distinct.precision, kind, text];
}

/** Null for what `hllToDynamic` did not make. */
export function hllFromDynamic(value: Dynamic): Distinct | null {
  if (!Array.isArray(value) || value.length !== 4 || value[0] !== 'hll') return null;
  return Distinct.read(value[1], value[2], value[3]);
}
