import { isHidden } from '../ir';
import { type Column, nullOf, type Schema, type Value } from '../values/types';
import { freeName } from './columns';

/** What a join adds to the columns of its left side. */
export interface RightColumns {
  readonly columns: readonly Column[];
  /** Where they stand in a row of the right side. */
  readonly places: readonly number[];
  /** Cells of a left row that matches nothing. */
  readonly empty: readonly Value[];
}

/**
 * The visible columns of a right side but `repeated`. A name of the left side gets a number that makes it differ from every name of both sides:
 * k, k1 joined with k gives k2.
 */
export function rightColumns(left: Schema, right: Schema, repeated: ReadonlySet<string>): RightColumns {
  const shown = right
    .map((column, index) => ({ ...column, index }))
    .filter(({ name }) => !isHidden(name) && !repeated.has(name));
  const taken = new Set(left.map(({ name }) => name));
  const all = new Set([...taken, ...shown.map(({ name }) => name)]);
  return {
    columns: shown.map(({ name, type }) => ({ name: taken.has(name) ? freeName(name, all) : name, type })),
    places: shown.map(({ index }) => index),
    empty: shown.map(({ type }) => nullOf(type)),
  };
}
