import { TIME_COLUMN } from '../kql/analysis/prune';
import {
  expressionsOf,
  type Names,
  pipelinesIn,
  pipelinesOf,
  readBy,
  readByAll,
  readsClock,
  readsStream,
  someExpr,
  union,
} from '../kql/analysis/references';
import type { Expr, Op, Within } from '../kql/ir';
import { prepareOperator } from '../kql/operators/registry';
import { prepareOps } from '../kql/pipeline';
import type { Schema } from '../kql/values/types';
import { boundWithin, intersect, type TimeWindow, timeBounds } from './time-bounds';

/** The leading operators of a pipeline over a source table, split by when they can run. */
export interface RowStage {
  /** Run when an event arrives. */
  readonly onArrival: readonly Op[];
  /** Filters and columns that need the window's end or other rows; they come next, before `rest`. */
  readonly deferred: readonly Op[];
  readonly rest: readonly Op[];
  readonly within: Within;
  /** Columns after `onArrival`. */
  readonly schema: Schema;
}

const NOTHING: Expr = { k: 'lit', t: 'bool', v: false };

/** Whether an expression has the same value for a row whenever it is evaluated: it reads neither the clock nor other rows of the stream. */
export const isDecidedOnArrival = (expr: Expr): boolean =>
  !someExpr(expr, (part) => part.k === 'now') &&
  !pipelinesIn(expr).some((plan) => readsStream(plan) || readsClock(plan));

export const conjuncts = (cond: Expr): readonly Expr[] => (cond.k === 'call' && cond.fn === 'and' ? cond.args : [cond]);

/**
 * A condition that can be decided on arrival and that holds wherever the given one does: the condition itself, or one made of those parts
 * of it that can be decided (`a and (b or inTable)` → `a`; `(a and inTable) or b` → `a or b`); undefined: there is none.
 */
function impliedNow(cond: Expr, isKnown: (part: Expr) => boolean): Expr | undefined {
  if (isKnown(cond)) return cond;
  if (cond.k !== 'call' || (cond.fn !== 'and' && cond.fn !== 'or')) return undefined;
  const parts = cond.args.map((part) => impliedNow(part, isKnown));
  const known = parts.filter((part) => part !== undefined);
  if (known.length === 0 || (cond.fn === 'or' && known.length < parts.length)) return undefined;
  return known.length === 1 ? known[0] : { k: 'call', fn: cond.fn, args: known };
}

/** A filter with some of the conditions of another one. */
function filter(conditions: readonly Expr[], { stage }: Op): Op[] {
  if (conditions.length === 0) return [];
  const cond: Expr = conditions.length === 1 ? conditions[0]! : { k: 'call', fn: 'and', args: conditions };
  return [{ op: 'where', cond, ...(stage === undefined ? {} : { stage }) }];
}

/**
 * Moves as many operators of a chain as possible to the arrival of an event. A filter that cannot be decided then is deferred, and operators
 * after it that do not touch its columns move past it. `window`: what it says of TimeGenerated; absent where it is cut by ingestion time.
 */
export function takeRowStage(ops: readonly Op[], schema: Schema, window: TimeWindow | undefined): RowStage {
  const onArrival: Op[] = [];
  const deferred: Op[] = [];
  let within: Within = {};
  let current = schema;
  let timeIntact = window !== undefined && schema.some(({ name }) => name === TIME_COLUMN);
  let at = 0;
  for (; at < ops.length; at++) {
    const op = ops[at]!;
    if (op.op === 'where') {
      const now: Expr[] = [];
      const later: Expr[] = [];
      for (const cond of conjuncts(op.cond)) {
        const bounds = timeIntact ? timeBounds(cond)?.map((bound) => boundWithin(bound, window!)) : undefined;
        if (bounds && !bounds.includes(undefined)) {
          for (const bound of bounds) {
            if (bound === 'never') now.push(NOTHING);
            else if (bound !== 'implied' && bound !== undefined) within = intersect(within, bound);
          }
          continue;
        }
        const implied = impliedNow(
          cond,
          (part) => isDecidedOnArrival(part) && isApart(readBy(part), writtenBy(deferred)),
        );
        if (implied) now.push(implied);
        if (implied !== cond) later.push(cond);
      }
      onArrival.push(...filter(now, op));
      deferred.push(...filter(later, op));
      continue;
    }
    if (
      deferred.length > 0 &&
      (writtenBy([op]) === 'all' || !isApart(readByAll(expressionsOf(op)), writtenBy(deferred)))
    )
      break;
    const prepared = prepareOperator(op, current);
    if (prepared.kind !== 'row' && prepared.kind !== 'expand') break;
    const isDecidable =
      expressionsOf(op).every(isDecidedOnArrival) &&
      !pipelinesOf(op).some((plan) => readsStream(plan) || readsClock(plan));
    if (!isDecidable) {
      if (op.op !== 'extend') break;
      deferred.push(op);
      timeIntact &&= keepsTime(op);
      continue;
    }
    if (deferred.length > 0 && !canMovePast(op, deferred)) break;
    onArrival.push(op);
    timeIntact &&= keepsTime(op);
    current = prepared.schema;
  }
  return {
    onArrival,
    deferred: inOrder(ops.slice(0, at), onArrival, deferred, schema),
    rest: ops.slice(at),
    within,
    schema: current,
  };
}

/** The deferred operators, with a projection where moving them would change the order of columns. */
function inOrder(
  taken: readonly Op[],
  onArrival: readonly Op[],
  deferred: readonly Op[],
  schema: Schema,
): readonly Op[] {
  if (!deferred.some((op) => op.op === 'extend')) return deferred;
  const wanted = prepareOps(taken, schema).schema;
  const got = prepareOps([...onArrival, ...deferred], schema).schema;
  if (!wanted || got?.every(({ name }, i) => wanted[i]?.name === name)) return deferred;
  const columns = wanted.map(({ name }) => ({ name, expr: { k: 'col', name } as const }));
  return [...deferred, { op: 'project', columns }];
}

/** Columns that operators define or replace. */
function writtenBy(ops: readonly Op[]): Names {
  return union(
    ...ops.map((op): Names => {
      switch (op.op) {
        case 'where':
          return new Set();
        case 'extend':
        case 'mv-expand':
          return new Set([
            ...op.columns.map((column) => column.name),
            ...(op.op === 'mv-expand' && op.indexName ? [op.indexName] : []),
          ]);
        case 'parse':
          return new Set(op.parts.flatMap((part) => (part.kind === 'column' ? [part.name] : [])));
        case 'parse-kv':
          return new Set(op.columns.map((column) => column.name));
        default:
          return 'all';
      }
    }),
  );
}

const isApart = (a: Names, b: Names): boolean => a !== 'all' && b !== 'all' && ![...a].some((name) => b.has(name));

/** Whether an operator may run before the deferred ones: neither writes what the other reads or writes. */
function canMovePast(op: Op, deferred: readonly Op[]): boolean {
  const writes = writtenBy([op]);
  return isApart(writes, readByAll(deferred.flatMap(expressionsOf))) && isApart(writes, writtenBy(deferred));
}

/** Whether TimeGenerated is still the event's own after an operator. */
function keepsTime(op: Op): boolean {
  switch (op.op) {
    case 'project':
      return op.columns.some(({ name, expr }) => name === TIME_COLUMN && expr.k === 'col' && expr.name === TIME_COLUMN);
    case 'project-rename':
      return op.renames.every(({ from, to }) => from !== TIME_COLUMN && to !== TIME_COLUMN);
    case 'project-away':
    case 'project-keep':
    case 'project-by-names':
    case 'project-reorder':
      return true;
    default: {
      const written = writtenBy([op]);
      return written !== 'all' && !written.has(TIME_COLUMN);
    }
  }
}
