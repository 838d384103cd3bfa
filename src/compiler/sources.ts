import {
  type Column,
  convert,
  type Encoded,
  type Expr,
  encodeValue,
  KqlError,
  type Pipeline,
  prepareExpr,
} from '../kql';
import { elements, type Node } from './kusto';
import { namedColumns } from './operators/columns';
import { declaredColumn } from './operators/parse';
import type { Scope } from './scope';
import { INVALID, type Translation, UNSUPPORTED } from './translation';

const EMPTY: Pipeline = { source: { kind: 'rows', columns: [], rows: [] }, ops: [] };

/** `datatable(a:int, …)[…]`; values that depend on now() make the rows a union of `print`s. */
export function dataTable(t: Translation, node: Node, scope: Scope): Pipeline {
  const columns = elements(node.Schema?.Columns).map((column) => declaredColumn(t, column, scope));
  const values = elements(node.Values).map((value) => t.scalar(value, scope));
  if (columns.length === 0) return EMPTY;
  if (values.length % columns.length !== 0) {
    t.report(INVALID, `datatable has ${values.length} values for rows of ${columns.length} columns`, node, scope);
    return EMPTY;
  }
  const rows: Encoded[][] = [];
  try {
    for (let i = 0; i < values.length; i += columns.length) {
      const row = columns.map((column, j) => constantCell(values[i + j]!, column));
      if (row.some((cell) => cell === undefined)) return printedRows(columns, values);
      rows.push(row as Encoded[]);
    }
  } catch (error) {
    if (!(error instanceof KqlError)) throw error;
    t.report(error.kind === 'unsupported' ? UNSUPPORTED : INVALID, error.message, node, scope);
  }
  return { source: { kind: 'rows', columns, rows }, ops: [] };
}

function constantCell(expr: Expr, column: Column): Encoded | undefined {
  const prepared = prepareExpr(expr, []);
  if (!prepared.constant) return undefined;
  return encodeValue(convert(prepared.constant.value, prepared.type, column.type), column.type);
}

const CASTS: Readonly<Record<string, string>> = {
  bool: 'tobool',
  int: 'toint',
  long: 'tolong',
  real: 'toreal',
  decimal: 'todecimal',
  string: 'tostring',
  datetime: 'todatetime',
  timespan: 'totimespan',
  guid: 'toguid',
  dynamic: 'todynamic',
};

/** An expression as a value of a type. */
export const cast = (expr: Expr, type: string): Expr => ({ k: 'call', fn: CASTS[type] ?? 'tostring', args: [expr] });

function printedRows(columns: readonly Column[], values: readonly Expr[]): Pipeline {
  const legs: Pipeline[] = [];
  for (let i = 0; i < values.length; i += columns.length) {
    legs.push({
      source: { kind: 'unit' },
      ops: [
        { op: 'project', columns: columns.map(({ name, type }, j) => ({ name, expr: cast(values[i + j]!, type) })) },
      ],
    });
  }
  return { source: { kind: 'union', union: { legs, kind: 'outer' } }, ops: [] };
}

/** `print a = 1, …` */
export const print = (t: Translation, node: Node, scope: Scope): Pipeline => ({
  source: { kind: 'unit' },
  ops: [{ op: 'project', columns: namedColumns(t, elements(node.Expressions), scope, node, 'print_') }],
});

export const range = (t: Translation, node: Node, scope: Scope): Pipeline => ({
  source: {
    kind: 'range',
    name: node.Name.SimpleName,
    from: t.scalar(node.From, scope),
    to: t.scalar(node.To, scope),
    step: t.scalar(node.Step, scope),
  },
  ops: [],
});

export const emptyPlan = (): Pipeline => EMPTY;
