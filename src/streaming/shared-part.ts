import {
  type Cell,
  type Expr,
  type ExprGraph,
  factsOf,
  failsByRow,
  isOverColumns,
  type Op,
  opKey,
  partsOfOp,
  type Scope,
} from '../kql';
import { type RequiredText, requiredText } from './column-text';
import { conditionsOf } from './conditions';
import { type Selector, selectorOf } from './selector';

/** What a row must fulfil to go on. What is known of it beside is worked out when it is asked for. */
export class SharedCondition {
  private found: { readonly selector?: Selector; readonly text?: RequiredText } = {};

  constructor(
    readonly cell: Cell,
    /** Whether its evaluation may fail by what the row holds: what stands behind it is not decided before it. */
    readonly mayFail = false,
    /** Evaluated for what it may fail of: the row goes on whatever it gives. */
    readonly isOnlyTried = false,
    private readonly from?: { readonly cond: Expr; readonly scope: Scope; readonly graph: ExprGraph },
  ) {}

  get selector(): Selector | undefined {
    if (this.from && !('selector' in this.found))
      this.found = { ...this.found, selector: selectorOf(this.from.cond, this.from.scope, this.from.graph) };
    return this.found.selector;
  }

  get text(): RequiredText | undefined {
    if (this.from && !('text' in this.found))
      this.found = { ...this.found, text: requiredText(this.from.cond, this.from.scope, this.from.graph) };
    return this.found.text;
  }
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

/** The filters that a row stage begins with: all that has to be known of most rules. */
export function firstFilters(ops: readonly Op[], columns: Scope, graph: ExprGraph): SharedPart {
  const end = ops.findIndex((op) => conditionsOf(op) === undefined);
  return sharedPart(end < 0 ? ops : ops.slice(0, end), columns, graph);
}

/**
 * The first operators of a row stage, as far as each looks at one row, gives at most one, and looks at columns by their names alone. `columns`:
 * those that they stand on.
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
    const before = scope;
    if (filter)
      for (const cond of filter)
        conditions.push(
          new SharedCondition(graph.expr(cond, scope), failsByRow(cond), false, { cond, scope: before, graph }),
        );
    else if (cells) {
      // Columns are computed where they are read; those that may fail, where they stand.
      for (const { expr } of cells) if (failsByRow(expr)) conditions.push(tried(expr, scope, graph));
      scope = new Map(cells.map(({ name, expr }) => [name, graph.expr(expr, before)]));
    } else if (isOnOneRow(op)) {
      for (const expr of exprs) if (failsByRow(expr)) conditions.push(tried(expr, scope, graph));
      const { rows, writes } = factsOf(op);
      const after = graph.operator(op, opKey(op), scope, writes!(op)!, rows!(op) === 'fewer');
      scope = after.scope;
      if (after.keeps) conditions.push(new SharedCondition(after.keeps));
    } else break;
    operators++;
  }
  return { conditions, columns: scope, operators };
}

const tried = (expr: Expr, scope: Scope, graph: ExprGraph): SharedCondition =>
  new SharedCondition(graph.expr(expr, scope), true, true);

/** Whether it runs on arrival, gives at most one row and leaves columns alone that it does not name. */
function isOnOneRow(op: Op): boolean {
  const { onArrival, rows, writes } = factsOf(op);
  const change = rows?.(op);
  return onArrival?.(op) === true && (change === 'same' || change === 'fewer') && writes?.(op) !== undefined;
}
