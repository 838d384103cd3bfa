import { type Column, type Expr, mapParts, type Op, someExpr } from '../kql';

/** Defender XDR calls the time of its events so, Sentinel TimeGenerated: tables that declare both hold one time. */
const ALIAS = 'Timestamp';
const TIME: Expr = { k: 'col', name: 'TimeGenerated' };
const ALIAS_OP: Op = { op: 'extend', columns: [{ name: ALIAS, expr: TIME }] };

/** The columns that events bring, and the operators that make the other. */
export function withoutAlias(declared: readonly Column[]): { columns: Column[]; ops: Op[] } {
  const columns = declared.filter(({ name }) => name !== ALIAS);
  return { columns, ops: columns.length < declared.length ? [ALIAS_OP] : [] };
}

/** Adds operators to others. A filter directly behind a table goes before the alias is made, and reads the column that events bring. */
export function append(before: readonly Op[], added: readonly Op[]): Op[] {
  const isFilter = added.every(({ op }) => op === 'where');
  if (before.at(-1) !== ALIAS_OP || !isFilter) return [...before, ...added];
  const filters = added.map((op) => (op.op === 'where' && !readsAll(op.cond) ? { ...op, cond: resolve(op.cond) } : op));
  return filters.some((op) => op.op === 'where' && readsAll(op.cond))
    ? [...before, ...added]
    : [...before.slice(0, -1), ...filters, ALIAS_OP];
}

const readsAll = (expr: Expr): boolean => someExpr(expr, (part) => part.k === 'packall' || part.k === 'anycolumn');

function resolve(expr: Expr): Expr {
  if (expr.k === 'col' && expr.name === ALIAS) return { ...TIME, ...(expr.at === undefined ? {} : { at: expr.at }) };
  return expr.k === 'columnifexists' && expr.name === ALIAS ? TIME : mapParts(expr, resolve);
}
