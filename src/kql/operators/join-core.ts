import { coerce } from '../calls';
import { invalid, KqlError } from '../errors';
import type { Expr, JoinKind, Pipeline } from '../ir';
import type { Binder, DataBoundOperator, PreparedExpr, TableOperator } from '../prepared';
import type { Runtime } from '../runtime';
import { groupKey } from '../values/compare';
import { nullOf, type Row, type ScalarType, type Schema, type Table, type Value } from '../values/types';
import { rightColumns } from './join-columns';

export interface JoinSpec {
  readonly kind: JoinKind;
  readonly on: readonly { readonly left: Expr; readonly right: Expr }[];
  /** `lookup`: columns of the right side that are keys are not repeated. */
  readonly dropKeys: boolean;
}

/** A join bound to the schemas of both sides. */
interface BoundJoin {
  readonly schema: Schema;
  run(left: readonly Row[], right: readonly Row[], runtime: Runtime): Row[];
}

/** Binds `join` or `lookup`; data-bound where the right side's columns depend on the data. Throws KqlError. */
export function prepareJoin(
  spec: JoinSpec,
  right: Pipeline,
  schema: Schema,
  bind: Binder,
): TableOperator | DataBoundOperator {
  const plan = bind.pipeline(right);
  if (!plan.schema) {
    return {
      kind: 'dataBound',
      run(rows, runtime): Table {
        const table = plan.run(runtime);
        const join = bindJoin(spec, schema, table.schema, bind);
        return { schema: join.schema, rows: join.run(rows, table.rows, runtime) };
      },
    };
  }
  const join = bindJoin(spec, schema, plan.schema, bind);
  return { kind: 'table', schema: join.schema, run: (rows, rt) => join.run(rows, plan.run(rt).rows, rt) };
}

function bindJoin(spec: JoinSpec, leftSchema: Schema, rightSchema: Schema, bind: Binder): BoundJoin {
  const keys = bindKeys(spec.on, leftSchema, rightSchema, bind);
  switch (spec.kind) {
    case 'leftsemi':
    case 'leftanti': {
      const wanted = spec.kind === 'leftsemi';
      return {
        schema: leftSchema,
        run: (left, right, rt) => filterByKeys(left, keys.left(rt), right, keys.right(rt), wanted),
      };
    }
    case 'rightsemi':
    case 'rightanti': {
      const wanted = spec.kind === 'rightsemi';
      return {
        schema: rightSchema,
        run: (left, right, rt) => filterByKeys(right, keys.right(rt), left, keys.left(rt), wanted),
      };
    }
    default:
      return bindMatching(spec, keys, leftSchema, rightSchema);
  }
}

type KeyOf = (row: Row) => string | null;

/** The key of a row as a text, or null where a key cell is null: a null key matches nothing. */
function bindKeys(
  on: JoinSpec['on'],
  leftSchema: Schema,
  rightSchema: Schema,
  bind: Binder,
): { left(runtime: Runtime): KeyOf; right(runtime: Runtime): KeyOf } {
  const pairs = on.map(({ left, right }) => {
    const l = bind.expr(left, leftSchema);
    const r = bind.expr(right, rightSchema);
    const type = commonType(l.type, r.type);
    if (!type) throw invalid(`join keys of types ${l.type} and ${r.type} cannot be equal`);
    return { left: coerce(l, type), right: coerce(r, type), type };
  });
  const types = pairs.map(({ type }) => type);
  const side =
    (exprs: readonly PreparedExpr[]) =>
    (runtime: Runtime): KeyOf =>
    (row) => {
      const cells: Value[] = [];
      for (const expr of exprs) {
        const cell = expr.eval(row, runtime);
        if (cell === null) return null;
        cells.push(cell);
      }
      return groupKey(cells, types);
    };
  return { left: side(pairs.map(({ left }) => left)), right: side(pairs.map(({ right }) => right)) };
}

const NUMERIC: readonly ScalarType[] = ['int', 'long', 'real', 'decimal'];

/** The type in which cells of two types are compared; undefined where they cannot be. */
function commonType(a: ScalarType, b: ScalarType): ScalarType | undefined {
  if (a === b) return a;
  const x = NUMERIC.indexOf(a);
  const y = NUMERIC.indexOf(b);
  if (x >= 0 && y >= 0) return NUMERIC[Math.max(x, y)];
  if (a === 'dynamic') return b;
  if (b === 'dynamic') return a;
  return undefined;
}

function filterByKeys(
  rows: readonly Row[],
  keyOf: KeyOf,
  others: readonly Row[],
  otherKeyOf: KeyOf,
  wanted: boolean,
): Row[] {
  const present = new Set<string>();
  for (const other of others) {
    const key = otherKeyOf(other);
    if (key !== null) present.add(key);
  }
  return rows.filter((row) => {
    const key = keyOf(row);
    return (key !== null && present.has(key)) === wanted;
  });
}

/** Joins whose rows hold both sides: inner, innerunique and the outer ones. */
function bindMatching(
  spec: JoinSpec,
  keys: ReturnType<typeof bindKeys>,
  leftSchema: Schema,
  rightSchema: Schema,
): BoundJoin {
  const repeated = new Set(
    spec.dropKeys ? spec.on.flatMap(({ right }) => (right.k === 'col' ? [right.name] : [])) : [],
  );
  const { columns, places, empty: emptyRight } = rightColumns(leftSchema, rightSchema, repeated);
  const emptyLeft = leftSchema.map(({ type }) => nullOf(type));
  const keepLeft = spec.kind === 'leftouter' || spec.kind === 'fullouter';
  const keepRight = spec.kind === 'rightouter' || spec.kind === 'fullouter';
  const unique = spec.kind === 'innerunique';

  return {
    schema: [...leftSchema, ...columns],
    run(left, right, runtime) {
      const index = new Map<string, number[]>();
      const rightKey = keys.right(runtime);
      right.forEach((row, i) => {
        const key = rightKey(row);
        if (key === null) return;
        const known = index.get(key);
        if (known) known.push(i);
        else index.set(key, [i]);
      });
      const result: Row[] = [];
      const push = (row: Row): void => {
        if (result.length >= runtime.maxRows) throw new KqlError('run', `join gives more than ${runtime.maxRows} rows`);
        result.push(row);
      };
      const matched = new Set<string>();
      const leftKey = keys.left(runtime);
      for (const row of left) {
        const key = leftKey(row);
        const matches = key === null ? undefined : index.get(key);
        if (!matches) {
          if (keepLeft) push([...row, ...emptyRight]);
          continue;
        }
        if (unique && matched.has(key!)) continue;
        matched.add(key!);
        for (const i of matches) push([...row, ...places.map((place) => right[i]![place]!)]);
      }
      if (keepRight) {
        for (const row of right) {
          const key = rightKey(row);
          if (key === null || !matched.has(key)) push([...emptyLeft, ...places.map((place) => row[place]!)]);
        }
      }
      return result;
    },
  };
}
