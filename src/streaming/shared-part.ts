import {
  type Cell,
  type Expr,
  type ExprGraph,
  factsOf,
  failsByRow,
  isOverColumns,
  mapOp,
  type NamedExpr,
  type Op,
  partsOfOp,
  type Scope,
} from '../kql';
import { conditionsOf } from './conditions';
import { type RequiredText, requiredText } from './required-text';
import { type Selector, selectorOf } from './selector';

/** What a row must fulfil to go on. */
export interface SharedCondition {
  readonly cell: Cell;
  /** Evaluated for what it may fail of: the row goes on whatever it gives. */
  readonly isOnlyTried: boolean;
  /** Whether its evaluation may fail by what the row holds: what stands behind it is not decided before it. */
  readonly mayFail: boolean;
  readonly selector?: Selector;
  readonly text?: RequiredText;
}

/** The first operators of a row stage, as cells of what all legs over a table share. */
export interface SharedPart {
  /** In the order of the query. */
  readonly conditions: readonly SharedCondition[];
  /** Columns after the operators. */
  readonly columns: Scope;
  /** How many operators of the row stage they are. */
  readonly operators: number;
}

/**
 * The first operators of a row stage, as far as each looks at one row, gives at most one, and looks at columns by their names alone. `columns`:
 * those of the source that the leg reads.
 */
export function sharedPart(ops: readonly Op[], columns: Scope, graph: ExprGraph): SharedPart {
  const conditions: SharedCondition[] = [];
  let scope = columns;
  let operators = 0;
  for (const op of ops) {
    const { exprs, plans } = partsOfOp(op);
    if (plans.length > 0 || !exprs.every(isOverColumns)) break;
    const filter = conditionsOf(op);
    const cells = factsOf(op).cells?.(op, [...scope.keys()]);
    if (filter) conditions.push(...filter.map((cond) => conditionOf(cond, scope, graph)));
    else if (cells) {
      conditions.push(...tried(cells, scope, graph));
      scope = new Map(cells.map(({ name, expr }) => [name, graph.expr(expr, scope)]));
    } else if (isOnOneRow(op)) {
      conditions.push(...exprs.filter(failsByRow).map((expr) => triedOf(expr, scope, graph)));
      const { rows, writes } = factsOf(op);
      const after = graph.operator(op, keyOfOp(op), scope, writes!(op), rows!(op) === 'fewer');
      scope = after.scope;
      if (after.keeps) conditions.push({ cell: after.keeps, isOnlyTried: false, mayFail: false });
    } else break;
    operators++;
  }
  return { conditions, columns: scope, operators };
}

const conditionOf = (cond: Expr, scope: Scope, graph: ExprGraph): SharedCondition => ({
  cell: graph.expr(cond, scope),
  isOnlyTried: false,
  mayFail: failsByRow(cond),
  selector: selectorOf(cond, scope, graph),
  text: requiredText(cond, scope, graph),
});

/** Columns are computed where they are read; those that may fail, where they stand. */
const tried = (cells: readonly NamedExpr[], scope: Scope, graph: ExprGraph): SharedCondition[] =>
  cells.filter(({ expr }) => failsByRow(expr)).map(({ expr }) => triedOf(expr, scope, graph));

const triedOf = (expr: Expr, scope: Scope, graph: ExprGraph): SharedCondition => ({
  cell: graph.expr(expr, scope),
  isOnlyTried: true,
  mayFail: true,
});

/** Whether it runs on arrival, gives at most one row and leaves columns alone that it does not name. */
function isOnOneRow(op: Op): boolean {
  const { onArrival, rows, writes } = factsOf(op);
  const change = rows?.(op);
  return onArrival === true && (change === 'same' || change === 'fewer') && writes !== undefined;
}

/** An operator without the places that it and its expressions have in their query: equal keys, equal operators. */
const keyOfOp = (op: Op): string => {
  const { stage: _, ...rest } = mapOp(
    op,
    (expr) => ({ k: 'col', name: keyOf(expr) }),
    (plan) => plan,
  );
  return JSON.stringify(rest, (key, value: unknown) => (key === 'at' ? undefined : value));
};

/** An expression as text, without its places in the query. */
function keyOf(expr: Expr): string {
  if (expr.k === 'col') return JSON.stringify(expr.name);
  if (expr.k === 'call') return `${expr.fn}(${expr.args.map(keyOf).join()})`;
  return JSON.stringify(expr);
}
