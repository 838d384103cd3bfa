import { KqlError } from '../errors';
import { isHidden, type Union } from '../ir';
import type { Binder, DataBoundOperator, PreparedPipeline, TableOperator } from '../prepared';
import type { Runtime } from '../runtime';
import { type Column, nullOf, type Row, type ScalarType, type Schema, type Table } from '../values/types';
import { freeName } from './columns';
import { defineOperator } from './define';

interface Layout {
  readonly schema: Schema;
  /** The position of every output column in the rows of a leg, or -1. Worked out when it is first asked for: most legs of `union *` have no rows. */
  places(leg: number): readonly number[];
}

/**
 * Names of a union's columns in its output: those of one name and different types become `name_type` each, with a number where a column is
 * called so already.
 */
export function outputNames(schemas: readonly Schema[]): (column: Column) => string {
  const types = new Map<string, Set<ScalarType>>();
  for (const schema of schemas) {
    for (const { name, type } of schema) types.set(name, (types.get(name) ?? new Set()).add(type));
  }
  const taken = new Set([...types].flatMap(([name, { size }]) => (size > 1 ? [] : [name])));
  const typed = new Map<string, string>();
  for (const [name, own] of types) {
    if (own.size > 1) for (const type of own) typed.set(typedName({ name, type }), freeName(`${name}_${type}`, taken));
  }
  return ({ name, type }) => typed.get(typedName({ name, type })) ?? name;
}

/**
 * https://learn.microsoft.com/kusto/query/union-operator. `outer`: all columns of all legs, in the order they first appear; `inner`: those
 * that every leg has.
 */
function layout(schemas: readonly Schema[], union: Union): Layout {
  const outputName = outputNames(schemas);
  const output: Column[] = union.withSource === undefined ? [] : [{ name: union.withSource, type: 'string' }];
  const known = new Set(output.map(({ name }) => name));
  const isEverywhere = union.kind === 'inner' ? inEverySchema(schemas) : (): boolean => true;
  for (const schema of schemas) {
    for (const column of schema) {
      const name = outputName(column);
      if (known.has(name)) continue;
      if (!isHidden(name) && !isEverywhere(column)) continue;
      known.add(name);
      output.push({ name, type: column.type });
    }
  }
  const places: (readonly number[] | undefined)[] = [];
  return {
    schema: output,
    places(leg) {
      places[leg] ??= placesOf(output, schemas[leg]!, outputName);
      return places[leg];
    },
  };
}

const typedName = ({ name, type }: Column): string => `${type} ${name}`;

function inEverySchema(schemas: readonly Schema[]): (column: Column) => boolean {
  const counts = new Map<string, number>();
  for (const schema of schemas)
    for (const key of new Set(schema.map(typedName))) counts.set(key, (counts.get(key) ?? 0) + 1);
  return (column) => counts.get(typedName(column)) === schemas.length;
}

/** Of columns of one output name the first counts. */
function placesOf(output: Schema, schema: Schema, outputName: (column: Column) => string): number[] {
  const byName = new Map<string, number>();
  schema.forEach((column, i) => {
    const name = outputName(column);
    if (!byName.has(name)) byName.set(name, i);
  });
  return output.map(({ name }) => byName.get(name) ?? -1);
}

function combine(tables: readonly Table[], union: Union, known: Layout | undefined): Table {
  const { schema, places } =
    known ??
    layout(
      tables.map((table) => table.schema),
      union,
    );
  const empty = schema.map(({ type }) => nullOf(type));
  const rows: Row[] = [];
  tables.forEach((table, leg) => {
    if (table.rows.length === 0) return;
    const source = union.withSource === undefined ? undefined : (union.sourceNames?.[leg] ?? `union_arg${leg}`);
    const from = places(leg);
    for (const row of table.rows) {
      const result = from.map((index, i) => (index < 0 ? empty[i]! : row[index]!));
      if (source !== undefined) result[0] = source;
      rows.push(result);
    }
  });
  return { schema, rows };
}

/** The outer union of tables whose schemas are known only now. */
export const combineTables = (tables: readonly Table[]): Table =>
  combine(tables, { legs: [], kind: 'outer' }, undefined);

/** Binds a union; `first`: the schema of the piped input, where there is one. */
export function prepareUnion(
  union: Union,
  first: Schema | undefined,
  bind: Binder,
): { schema: Schema | undefined; run(runtime: Runtime, input?: readonly Row[]): Table } {
  const legs: PreparedPipeline[] = union.legs.map((leg) => bind.pipeline(leg));
  const schemas = legs.map((leg) => leg.schema);
  const allKnown = schemas.every((schema) => schema !== undefined);
  const known = allKnown ? layout([...(first ? [first] : []), ...(schemas as Schema[])], union) : undefined;
  return {
    schema: known?.schema,
    run(runtime, input) {
      const { tables, names } = runLegs(legs, union, runtime);
      if (first) tables.unshift({ schema: first, rows: (input ?? []) as Row[] });
      const sourceNames = union.sourceNames && [...(first ? [union.sourceNames[0]!] : []), ...names];
      return combine(tables, { ...union, sourceNames }, known);
    },
  };
}

/** The tables of the legs and their names in the source column, without those that a fuzzy union may leave out and has to. */
function runLegs(
  legs: readonly PreparedPipeline[],
  union: Union,
  runtime: Runtime,
): { tables: Table[]; names: string[] } {
  const tables: Table[] = [];
  const names: string[] = [];
  const offset = (union.sourceNames?.length ?? 0) - legs.length;
  const faults: KqlError[] = [];
  legs.forEach((leg, i) => {
    try {
      tables.push(leg.run(runtime));
      names.push(union.sourceNames?.[i + offset] ?? '');
    } catch (error) {
      const isUnbound = error instanceof KqlError && error.kind === 'invalid' && leg.schema === undefined;
      if (!isUnbound || union.fuzzyFrom === undefined || i < union.fuzzyFrom) throw error;
      faults.push(error);
    }
  });
  if (tables.length === 0 && faults[0]) throw faults[0];
  return { tables, names };
}

export const unionOperator = defineOperator({
  name: 'union',
  ignoresClock: true,
  inner: 'leg',
  keepsEmpty: (node, staysEmpty) => node.union.legs.every(staysEmpty),
  bringsColumns: true,
  prepare(node, schema, bind): TableOperator | DataBoundOperator {
    const prepared = prepareUnion(node.union, schema, bind);
    if (!prepared.schema) return { kind: 'dataBound', run: (rows, runtime) => prepared.run(runtime, rows) };
    return { kind: 'table', schema: prepared.schema, run: (rows, runtime) => prepared.run(runtime, rows).rows };
  },
});
