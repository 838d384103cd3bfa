import { coerce } from '../calls';
import { invalid, KqlError } from '../errors';
import type { Expr, JoinKind, Pipeline } from '../ir';
import { meter } from '../meter';
import type {
  Binder,
  DataBoundOperator,
  ExpandOperator,
  PreparedExpr,
  PreparedPipeline,
  TableOperator,
} from '../prepared';
import type { Runtime } from '../runtime';
import { groupKey } from '../values/compare';
import { nullOf, type Row, type ScalarType, type Schema, type Table, type Value } from '../values/types';
import { carriedText } from './expansion';
import { rightColumns } from './join-columns';
import { isOnEachRow } from './join-fixed';

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
  /** What becomes of one left row; absent where that depends on others. */
  each?(right: readonly Row[], runtime: Runtime): (row: Row, runtime: Runtime) => readonly Row[];
}

/** Binds `join` or `lookup`; data-bound where the right side's columns depend on the data. Throws KqlError. */
export function prepareJoin(
  spec: JoinSpec,
  right: Pipeline,
  schema: Schema,
  bind: Binder,
): TableOperator | ExpandOperator | DataBoundOperator {
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
  if (join.each && isOnEachRow({ kind: spec.kind, right })) return onEachRow(join, join.each, plan);
  return { kind: 'table', schema: join.schema, run: (rows, rt) => join.run(rows, plan.run(rt).rows, rt) };
}

/** The right side is the same in every run: it is looked up once, when the first row comes. */
function onEachRow(join: BoundJoin, each: NonNullable<BoundJoin['each']>, plan: PreparedPipeline): ExpandOperator {
  let lookUp: ReturnType<typeof each> | undefined;
  return {
    kind: 'expand',
    schema: join.schema,
    expand(row, runtime) {
      lookUp ??= each(plan.run(runtime).rows, runtime);
      return lookUp(row, runtime);
    },
  };
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
        each(right, runtime) {
          const present = keysIn(right, keys.right(runtime));
          return (row, rt) => {
            const key = keys.left(rt)(row);
            return (key !== null && present.has(key)) === wanted ? [row] : [];
          };
        },
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
  const present = keysIn(others, otherKeyOf);
  return rows.filter((row) => {
    const key = keyOf(row);
    return (key !== null && present.has(key)) === wanted;
  });
}

function keysIn(rows: readonly Row[], keyOf: KeyOf): Set<string> {
  const present = new Set<string>();
  for (const row of rows) {
    const key = keyOf(row);
    if (key !== null) present.add(key);
  }
  return present;
}

/** Where the rows of each key stand. */
function indexOf(rows: readonly Row[], keyOf: KeyOf): Map<string, number[]> {
  const index = new Map<string, number[]>();
  rows.forEach((row, i) => {
    const key = keyOf(row);
    if (key === null) return;
    const known = index.get(key);
    if (known) known.push(i);
    else index.set(key, [i]);
  });
  return index;
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
  const both = (row: Row, match: Row): Row => [...row, ...places.map((place) => match[place]!)];

  const eachRow: BoundJoin['each'] = (right, runtime) => {
    const index = indexOf(right, keys.right(runtime));
    return (row, rt) => {
      const key = keys.left(rt)(row);
      const matches = key === null ? undefined : index.get(key);
      if (!matches) return keepLeft ? [[...row, ...emptyRight]] : [];
      if (matches.length > 1) meter.spendRows(matches.length, carriedText(row));
      return matches.map((i) => both(row, right[i]!));
    };
  };

  return {
    schema: [...leftSchema, ...columns],
    ...(unique || keepRight ? {} : { each: eachRow }),
    run(left, right, runtime) {
      const rightKey = keys.right(runtime);
      const index = indexOf(right, rightKey);
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
        for (const i of matches) push(both(row, right[i]!));
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
