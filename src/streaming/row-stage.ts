import {
  type Expr,
  expressionsOf,
  factsOf,
  type Names,
  type Op,
  pipelinesIn,
  pipelinesOf,
  prepareOperator,
  prepareOps,
  readBy,
  readByAll,
  readsClock,
  readsStream,
  type Schema,
  someExpr,
  TIME_COLUMN,
  unionOfNames,
  type Within,
} from '../kql';
import { conditionsOf, filterBy } from './conditions';
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
    const facts = factsOf(op);
    const conditions = conditionsOf(op);
    if (conditions) {
      const now: Expr[] = [];
      const later: Expr[] = [];
      for (const cond of conditions) {
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
      onArrival.push(...filterBy(now, op));
      deferred.push(...filterBy(later, op));
      continue;
    }
    if (
      deferred.length > 0 &&
      (writtenBy([op]) === 'all' || !isApart(readByAll(expressionsOf(op)), writtenBy(deferred)))
    )
      break;
    if (!facts.onArrival?.(op)) break;
    const prepared = prepareOperator(op, current);
    if (prepared.kind !== 'row' && prepared.kind !== 'expand') break;
    const isDecidable =
      expressionsOf(op).every(isDecidedOnArrival) &&
      !pipelinesOf(op).some((plan) => readsStream(plan) || readsClock(plan));
    if (!isDecidable) {
      if (!facts.canWait) break;
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

/** What is put off, with the columns back in the order that the query gives them. */
function inOrder(
  taken: readonly Op[],
  onArrival: readonly Op[],
  deferred: readonly Op[],
  schema: Schema,
): readonly Op[] {
  if (deferred.every(conditionsOf)) return deferred;
  const wanted = prepareOps(taken, schema).schema;
  const got = prepareOps([...onArrival, ...deferred], schema).schema;
  if (!wanted || got?.every(({ name }, i) => wanted[i]?.name === name)) return deferred;
  const columns = wanted.map(({ name }) => ({ name, expr: { k: 'col', name } as const }));
  return [...deferred, { op: 'project', columns }];
}

/** Columns that operators define or replace. */
function writtenBy(ops: readonly Op[]): Names {
  return unionOfNames(
    ...ops.map((op): Names => {
      const written = factsOf(op).writes?.(op);
      return written ? new Set(written) : 'all';
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
  const { keeps } = factsOf(op);
  if (keeps) return keeps(op, TIME_COLUMN);
  const written = writtenBy([op]);
  return written !== 'all' && !written.has(TIME_COLUMN);
}
