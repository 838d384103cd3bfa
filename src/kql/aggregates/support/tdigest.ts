import type { Encoded } from '../../values/codec';
import type { Dynamic, ScalarType } from '../../values/types';
import { Quantiles } from './quantiles';

/** Types whose values a digest keeps. */
const TYPES: readonly ScalarType[] = ['long', 'real', 'datetime', 'timespan'];
const MAX_CELLS = 20_001;

export interface Digest {
  readonly type: ScalarType;
  readonly quantiles: Quantiles;
}

/** What `tdigest` gives and `percentile_tdigest`, `tdigest_merge` take. Its form is ours, as Kusto's is Kusto's. */
export const digestToDynamic = ({ type, quantiles }: Digest): Dynamic => [
  'tdigest',
  type,
  ...(quantiles.save() as Dynamic[]),
];

/** Null for what `digestToDynamic` did not make: the array may come from the text of an event. */
export function digestFromDynamic(value: Dynamic): Digest | null {
  if (!Array.isArray(value) || value[0] !== 'tdigest' || value.length > MAX_CELLS + 2) return null;
  const [, typeName, dropped, ...cells] = value;
  const type = TYPES.find((name) => name === typeName);
  if (type === undefined || cells.length % 2 !== 0) return null;
  if (typeof dropped !== 'number' || !Number.isInteger(dropped) || dropped < 0 || dropped > 64) return null;
  for (let i = 0; i < cells.length; i += 2) {
    const weight = cells[i + 1];
    if (!isCell(cells[i]!, type) || typeof weight !== 'number' || !(weight > 0 && Number.isFinite(weight))) return null;
  }
  return { type, quantiles: Quantiles.load([dropped, ...cells] as Encoded, type) };
}

/** Whether a value has the form in which the codec saves one of that type. */
function isCell(value: Dynamic, type: ScalarType): boolean {
  if (typeof value === 'number') return type === 'real' || (type === 'long' && Number.isInteger(value));
  if (typeof value !== 'string') return false;
  return type === 'real' ? /^-?(0|Infinity)$/.test(value) : /^-?\d{1,19}$/.test(value);
}
