import { partsOf, readBy, someExpr } from '../analysis/expressions';
import { partsOfOp } from '../analysis/map';
import { coerce } from '../calls';
import { invalid } from '../errors';
import { bindExpr } from '../expressions';
import { findFunction } from '../functions/registry';
import type { Expr, Op, Pipeline } from '../ir';
import { factsOf } from '../operators/registry';
import type { Binder, PreparedExpr, RowOperator } from '../prepared';
import type { Runtime } from '../runtime';
import { convert } from '../values/convert';
import { nullOf, type Row, type ScalarType, type Schema, type Value } from '../values/types';
import { fixedTexts } from './fixed-list';
import { Memo } from './memo';

type Eval = PreparedExpr['eval'];

/** A value that is made of one source row: a column, an expression over columns, or what an operator makes of them. */
export interface Cell {
  /** Equal ids, equal values. */
  readonly id: number;
  /** Position among the source's columns; -1 for any other cell. */
  readonly source: number;
  /** The column of text that its texts are pieces of. */
  readonly piece: Piece | undefined;
}

/** Where texts of a cell come from. */
export interface Piece {
  /** Position of the column. */
  readonly source: number;
  /** Whether XML has been read on the way: escapes are undone, and JSON may be written around what was found. */
  readonly isXml: boolean;
}

/** The columns that an expression may name, in their order. */
export type Scope = ReadonlyMap<string, Cell>;

/** What an operator on one row makes of its input. */
export interface AfterOperator {
  readonly scope: Scope;
  /** Whether the row stays: a boolean. Absent: it always does. */
  readonly keeps?: Cell;
}

interface Input {
  readonly name: string;
  readonly cell: Node;
}

interface Node extends Cell {
  /** How many other cells, and callers, read it. */
  uses: number;
  prepare(): PreparedExpr;
  prepared?: PreparedExpr;
  /** Whether what is prepared is evaluated at most once a row. */
  isOnce?: boolean;
  piece: Piece | undefined;
}

/**
 * The expressions of many queries over one source row, equal ones as one cell. A cell is bound when it is first asked for, and one that is
 * read in several places is evaluated at most once a row. An evaluation that throws is none: whoever asks again meets the same error. What an
 * evaluation has spent of the meter is charged to everyone who reads its result, so that limits do not depend on who came first.
 */
export class ExprGraph {
  private readonly nodes: Node[] = [];
  private readonly byKey = new Map<string, Node>();
  private readonly memo: Memo;
  readonly columns: Scope;

  /**
   * @param schema the source's columns
   * @param readers what reads each of them when it is first asked for
   * @param binder binds operators
   */
  constructor(
    readonly schema: Schema,
    readers: readonly (() => Value)[],
    private readonly binder: Binder,
  ) {
    this.memo = new Memo(schema.length);
    this.columns = new Map(
      schema.map(({ name, type }, index) => {
        const read = readers[index]!;
        const evaluate: Eval = (row) => {
          const known = row[index];
          if (known !== undefined) return known;
          const value = read();
          row[index] = value;
          return value;
        };
        const column = this.add(`c${index}`, () => ({ type, eval: evaluate }), index);
        if (type === 'string') column.piece = { source: index, isXml: false };
        return [name, column];
      }),
    );
  }

  /** The row that evaluations fill, for the next source row. */
  begin(): Row {
    return this.memo.begin();
  }

  /** A cell for an expression (see `isOverColumns`). Throws KqlError: a column that is not in scope. */
  expr(expr: Expr, scope: Scope): Cell {
    return this.node(expr, scope);
  }

  /**
   * The columns after an operator that gives at most one row and writes no columns but those that it names. `key`: the same for operators
   * that differ in nothing but their place in the query. `filters`: whether it may drop the row.
   */
  operator(op: Op, key: string, scope: Scope, writes: readonly string[], filters: boolean): AfterOperator {
    const names = partsOfOp(op).exprs.flatMap((expr) => [...readBy(expr)]);
    const inputs = [...new Set(names)].sort().map((name) => ({ name, cell: this.named(name, scope, undefined) }));
    const row = this.made(
      `o${key}(${inputs.map(({ name, cell }) => `${JSON.stringify(name)}:${cell.id}`).join()})`,
      inputs.map(({ cell }) => cell),
      () => this.prepareRow(this.rowOperator(op, inputs), inputs),
    );
    const after = new Map(scope);
    const cutFrom = factsOf(op).carries?.(op)?.pieces;
    for (const name of writes) {
      const prepare = (): PreparedExpr => this.prepareOutput(row, this.rowOperator(op, inputs).schema, name);
      const output = this.made(`p${row.id}.${name}`, [row], prepare);
      output.piece = scope.get(cutFrom?.get(name) ?? '')?.piece;
      after.set(name, output);
    }
    if (!filters) return { scope: after };
    const keeps = this.made(`k${row.id}`, [row], () => {
      const rowOf = this.bound(row).eval;
      return { type: 'bool', eval: (cells, runtime) => rowOf(cells, runtime) !== null };
    });
    return { scope: after, keeps };
  }

  /** The cell of a column of the source. */
  cellAt(source: number): Cell {
    return this.columns.get(this.schema[source]!.name)!;
  }

  /** See `fixedTexts`. */
  textsOf(plan: Pipeline): readonly string[] | undefined {
    return fixedTexts(plan, this.binder);
  }

  /** Notes that a cell is read once more. To be called before it is evaluated: what is read once is not remembered. */
  use(cell: Cell): void {
    this.nodes[cell.id]!.uses++;
  }

  /** Evaluates a cell. */
  evalOf(cell: Cell): Eval {
    return later(() => this.bound(this.nodes[cell.id]!).eval);
  }

  /** As `evalOf`, converted as an argument of that type is. */
  evalAs(cell: Cell, type: ScalarType): Eval {
    return later(() => coerce(this.bound(this.nodes[cell.id]!), type).eval);
  }

  private add(key: string, prepare: () => PreparedExpr, source = -1): Node {
    const node: Node = { id: this.nodes.length, source, uses: 0, prepare, piece: undefined };
    this.nodes.push(node);
    this.byKey.set(key, node);
    return node;
  }

  private made(key: string, reads: readonly Node[], prepare: () => PreparedExpr): Node {
    const known = this.byKey.get(key);
    if (known) return known;
    for (const read of reads) read.uses++;
    return this.add(key, prepare);
  }

  private named(name: string, scope: Scope, at: number | undefined): Node {
    const cell = scope.get(name);
    if (!cell) throw invalid(`unknown column '${name}'`, at, name.length);
    return this.nodes[cell.id]!;
  }

  private node(expr: Expr, scope: Scope): Node {
    if (expr.k === 'col') return this.named(expr.name, scope, expr.at);
    if (expr.k === 'lit')
      return this.made(`l${expr.t}${JSON.stringify(expr.v)}`, [], () => bindExpr(expr, [], this.binder));
    switch (expr.k) {
      case 'columnifexists':
        return scope.has(expr.name) ? this.named(expr.name, scope, undefined) : this.node(expr.otherwise, scope);
      case 'toscalar':
        return this.made(`s${planKey(expr.plan)}`, [], () => bindExpr(expr, [], this.binder));
      case 'intable': {
        const left = this.node(expr.left, scope);
        return this.made(`t${expr.fn}(${left.id},${planKey(expr.plan)})`, [left], () => this.over([left], expr));
      }
      case 'call': {
        const args = expr.args.map((arg) => this.node(arg, scope));
        const call = this.made(`f${expr.fn}(${args.map(({ id }) => id).join()})`, args, () => this.over(args, expr));
        call.piece = pieceOf(expr.fn, args[0]?.piece);
        return call;
      }
      default:
        throw new Error(`an expression of kind ${expr.k} looks at more than columns by name`);
    }
  }

  /** Binds an expression over cells: which columns its parts name has been settled. */
  private over(cells: readonly Node[], expr: Expr): PreparedExpr {
    const parts = partsOf(expr);
    return bindExpr(expr, [], { ...this.binder, expr: (part) => this.bound(cells[parts.indexOf(part)]!) });
  }

  private bound(node: Node): PreparedExpr {
    const known = node.prepared;
    if (known && (node.isOnce || node.uses < 2)) return known;
    const { type, constant, textOf, eval: evaluate } = known ?? node.prepare();
    // Where more readers turn up later, they share one evaluation between them.
    node.isOnce = constant !== undefined || node.source >= 0 || node.uses > 1;
    const once = constant || node.source >= 0 || node.uses < 2 ? evaluate : this.memo.once(evaluate);
    const as = this.conversions(type, once);
    node.prepared = constant ? { type, constant, eval: once } : { type, textOf, eval: once, as };
    return node.prepared;
  }

  /** Conversions of a cell, each made once a row. Only those that cost something. */
  private conversions(from: ScalarType, evaluate: Eval): (to: ScalarType) => PreparedExpr | undefined {
    const made = new Map<ScalarType, PreparedExpr>();
    return (to) => {
      if (from !== 'dynamic' && to !== 'string') return undefined;
      let known = made.get(to);
      if (!known) {
        known = { type: to, eval: this.memo.once((row, runtime) => convert(evaluate(row, runtime), from, to)) };
        made.set(to, known);
      }
      return known;
    };
  }

  private rowOperator(op: Op, inputs: readonly Input[]): RowOperator {
    const schema = inputs.map(({ name, cell }) => ({ name, type: this.bound(cell).type }));
    const operator = this.binder.operator(op, schema);
    if (operator.kind !== 'row') throw new Error(`'${op.op}' is no operator on one row`);
    return operator;
  }

  private prepareRow(operator: RowOperator, inputs: readonly Input[]): PreparedExpr {
    const evals = inputs.map(({ cell }) => this.bound(cell).eval);
    const evaluate: Eval = (row, runtime) => {
      const input = evals.map((one) => one(row, runtime));
      return operator.map(input, runtime) as Value;
    };
    // A row is no value of any type; only what is made of it here reads it.
    return { type: 'dynamic', eval: evaluate };
  }

  private prepareOutput(row: Node, schema: Schema, name: string): PreparedExpr {
    const rowOf = this.bound(row).eval;
    const index = schema.findIndex((column) => column.name === name);
    if (index < 0) throw new Error(`the operator has no column '${name}'`);
    const { type } = schema[index]!;
    return {
      type,
      eval: (cells, runtime) => {
        const made = rowOf(cells, runtime) as Row | null;
        return made === null ? nullOf(type) : made[index]!;
      },
    };
  }
}

function pieceOf(fn: string, first: Piece | undefined): Piece | undefined {
  const pieces = first && findFunction(fn)?.pieces;
  return pieces === 'xml' ? { ...first!, isXml: true } : pieces && first;
}

/** Whether an expression looks at nothing of a row but columns by their names. Queries in it must read neither a stream nor the clock. */
export const isOverColumns = (expr: Expr): boolean => !someExpr(expr, ({ k }) => !OVER_COLUMNS.has(k));

const OVER_COLUMNS: ReadonlySet<Expr['k']> = new Set(['lit', 'col', 'call', 'columnifexists', 'toscalar', 'intable']);

/** Longer queries, such as those over lists of thousands of rows, are compared as objects. */
const MOST_ROWS = 1_000;
const planKeys = new WeakMap<Pipeline, string>();
let planNumber = 0;

/** Equal keys, equal queries. */
function planKey(plan: Pipeline): string {
  let known = planKeys.get(plan);
  if (known === undefined) {
    const isLong = plan.source.kind === 'rows' && plan.source.rows.length > MOST_ROWS;
    known = isLong ? `#${planNumber++}` : JSON.stringify(plan);
    planKeys.set(plan, known);
  }
  return known;
}

/** Binds when it is first called: many rules never come so far. */
function later(bind: () => Eval): Eval {
  let bound: Eval | undefined;
  return (row: Row, runtime: Runtime) => {
    bound ??= bind();
    return bound(row, runtime);
  };
}
