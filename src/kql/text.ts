import type { AggregateCall, Expr, NamedExpr, Op, Pipeline, SortKey } from './ir';
import type { TextWriter } from './operators/facts';
import { factsOf } from './operators/registry';
import { decodeValue, type Encoded } from './values/codec';
import { formatDatetime } from './values/datetime';
import { stringifyJson } from './values/json';
import { formatTimespan } from './values/timespan';
import type { Dynamic, ScalarType } from './values/types';

const INFIX =
  /^(?:[-+*/%<>=!]+|!?=?~|and|or|matches regex|!?(?:has|contains|startswith|endswith|hasprefix|hassuffix)(?:_cs)?)$/;
const LISTS = new Set(['in', 'in~', '!in', '!in~', 'has_any', 'has_all']);

/** An expression of a plan as KQL, for people: what was folded or taken out of a `let` shows as it is run. */
export function exprText(expr: Expr): string {
  switch (expr.k) {
    case 'lit':
      return literalText(expr.v, expr.t);
    case 'col':
      return nameText(expr.name);
    case 'now':
      return 'now()';
    case 'toscalar':
      return `toscalar(${pipelineText(expr.plan)})`;
    case 'intable':
      return `${operand(expr.left)} ${expr.fn} (${pipelineText(expr.plan)})`;
    case 'columnifexists':
      return `column_ifexists(${literalText(expr.name, 'string')}, ${exprText(expr.otherwise)})`;
    case 'anycolumn':
      return `* ${expr.fn} ${operand(expr.right)}`;
    case 'packall':
      return 'pack_all()';
    case 'call':
      return callText(expr.fn, expr.args);
  }
}

function callText(fn: string, args: readonly Expr[]): string {
  const [first, second, third] = args;
  if (first && second) {
    if (fn === 'and' || fn === 'or') return args.map((arg) => grouped(arg, fn)).join(` ${fn} `);
    if (fn === '[]') return `${operand(first)}[${exprText(second)}]`;
    if (fn === '.member' && second.k === 'lit')
      return isName(String(second.v))
        ? `${operand(first)}.${String(second.v)}`
        : `${operand(first)}[${exprText(second)}]`;
    if (/^!?between$/.test(fn) && third) return `${operand(first)} ${fn} (${exprText(second)} .. ${exprText(third)})`;
    if (LISTS.has(fn)) return `${operand(first)} ${fn} (${args.slice(1).map(exprText).join(', ')})`;
    if (INFIX.test(fn) && !third) {
      // ago(1h) is kept as now() - 1h.
      if (fn === '-' && first.k === 'now') return `ago(${exprText(second)})`;
      return `${operand(first)} ${fn} ${operand(second)}`;
    }
  }
  if (fn === 'unary-' && first) return `-${operand(first)}`;
  return `${fn}(${args.map(exprText).join(', ')})`;
}

/** Parentheses where an operator stands inside an operator. */
function operand(expr: Expr): string {
  const isOperator = expr.k === 'call' && (INFIX.test(expr.fn) || LISTS.has(expr.fn)) && !isAgo(expr);
  return isOperator ? `(${exprText(expr)})` : exprText(expr);
}

const grouped = (expr: Expr, outer: string): string =>
  expr.k === 'call' && (expr.fn === 'and' || expr.fn === 'or') && expr.fn !== outer
    ? `(${exprText(expr)})`
    : exprText(expr);

const isAgo = (expr: Expr): boolean => expr.k === 'call' && expr.fn === '-' && expr.args[0]?.k === 'now';

const isName = (name: string): boolean => /^[$A-Za-z_][\w$.]*$/.test(name);
const nameText = (name: string): string => (isName(name) ? name : `['${name.replace(/'/g, "\\'")}']`);

function literalText(value: Encoded, type: ScalarType): string {
  const cell = decodeValue(value, type);
  if (cell === null) return type === 'dynamic' ? 'dynamic(null)' : `${type}(null)`;
  switch (type) {
    case 'string':
      return JSON.stringify(cell);
    case 'datetime':
      return `datetime(${formatDatetime(cell as bigint)})`;
    case 'timespan':
      return spanText(cell as bigint);
    case 'dynamic':
      return `dynamic(${stringifyJson(cell as Dynamic)})`;
    case 'guid':
    case 'decimal':
      return `${type}(${String(cell)})`;
    default:
      return String(cell);
  }
}

const UNITS = [
  ['d', 864_000_000_000n],
  ['h', 36_000_000_000n],
  ['m', 600_000_000n],
  ['s', 10_000_000n],
] as const;

function spanText(ticks: bigint): string {
  for (const [unit, size] of UNITS) if (ticks !== 0n && ticks % size === 0n) return `${ticks / size}${unit}`;
  return `timespan(${formatTimespan(ticks)})`;
}

const named = ({ name, expr }: NamedExpr): string =>
  expr.k === 'col' && expr.name === name ? nameText(name) : `${nameText(name)} = ${exprText(expr)}`;
const key = ({ expr, desc }: SortKey): string => `${exprText(expr)} ${desc ? 'desc' : 'asc'}`;

function aggregate({ fn, args, names, star }: AggregateCall): string {
  const call = `${fn}(${[...args.map(exprText), ...(star ? ['*'] : [])].join(', ')})`;
  return names.length === 1 ? `${nameText(names[0]!)} = ${call}` : call;
}

const writer: TextWriter = {
  expr: exprText,
  name: nameText,
  string: (text) => literalText(text, 'string'),
  columns: (columns) => columns.map(named).join(', '),
  sortKeys: (by) => by.map(key).join(', '),
  aggregates: (calls) => calls.map(aggregate).join(', '),
  pipeline: pipelineText,
};

/** An operator of a plan as KQL, for people. */
export const opText = (op: Op): string => factsOf(op).text?.(op, writer) ?? op.op;

function pipelineText({ source, ops }: Pipeline): string {
  const first =
    source.kind === 'table'
      ? source.name
      : source.kind === 'rows'
        ? `${source.rows.length} fixed rows`
        : source.kind === 'state'
          ? 'kept state'
          : source.kind;
  return [first, ...ops.map(opText).filter((text) => text !== '')].join(' | ');
}
