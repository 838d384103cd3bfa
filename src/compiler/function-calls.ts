import {
  decodeValue,
  type Expr,
  findAggregate,
  findFunction,
  findWindow,
  functionNames,
  INGESTION_COLUMN,
  type Value,
} from '../kql';
import { nearest } from '../spelling';
import { CHANCE_FUNCTIONS, chance } from './chance';
import { columnsOf, elements, kindOf, type Node } from './kusto';
import { literal, literalValue, NOTHING } from './literals';
import { inputOf, isTable } from './node-facts';
import type { Scope } from './scope';
import { APPROXIMATE, INVALID, type Translation, UNSUPPORTED } from './translation';
import { functionReason } from './unsupported';

/** The end of the window, or what `set query_now` puts in its place. */
export const now = (t: Translation): Expr => t.state.options.get('query_now') ?? { k: 'now' };

/** A call of a function in an expression. */
export function translateCall(t: Translation, node: Node, scope: Scope): Expr {
  const name = node.Name.SimpleName;
  const at = scope.at(node);
  const called = t.call(node, scope);
  if (called) {
    if (called.expr) return called.expr;
    if (called.plan) return { k: 'toscalar', plan: called.plan };
    return NOTHING;
  }
  const args = elements(node.ArgumentList.Expressions);
  // The binder has reported that arguments are missing.
  if (args.length < (LEAST_ARGUMENTS.get(name) ?? 0)) return NOTHING;
  switch (name) {
    case 'now':
      return args[0] ? { k: 'call', fn: '+', args: [now(t), t.scalar(args[0], scope)], at } : now(t);
    case 'ago':
      return { k: 'call', fn: '-', args: [now(t), t.scalar(args[0]!, scope)], at };
    case 'ingestion_time':
      if (!t.state.readsTables()) return literal(null, 'datetime');
      t.state.usesIngestion = true;
      return { k: 'col', name: INGESTION_COLUMN, at };
    case 'column_ifexists':
    case 'columnifexists':
      return columnIfExists(t, args, scope, node);
    case 'pack_all':
      return {
        k: 'packall',
        ignoreEmpty: args[0]
          ? kindOf(args[0]) === 'BooleanLiteralExpression' && /true/i.test(args[0].ToString())
          : false,
      };
    case 'bag_pack_columns':
      return {
        k: 'call',
        fn: 'bag_pack',
        args: args.flatMap((arg) => [literal(arg.SimpleName, 'string'), t.scalar(arg, scope)]),
        at,
      };
    case 'todatetime': {
      const placeholder = huntingTime(args[0]);
      if (placeholder) return placeholder;
      break;
    }
    case 'bin_auto':
      return binAuto(t, args, scope, node);
    case 'estimate_data_size':
      return { k: 'call', fn: name, args: args.flatMap((arg) => columnsAt(t, arg, node, scope)), at };
    case 'column_names_of': {
      const columns = args[0] ? columnsOf(args[0].ResultType) : [];
      return literal(
        columns.map((column) => column.Name),
        'dynamic',
      );
    }
    case 'toscalar':
      return args[0] && isTable(args[0]) ? { k: 'toscalar', plan: t.table(args[0], scope) } : t.scalar(args[0]!, scope);
    default:
  }
  const translated = args.map((arg) =>
    kindOf(arg) === 'StarExpression' ? ({ k: 'packall', ignoreEmpty: false } as const) : t.scalar(arg, scope),
  );
  if (findWindow(name)) {
    const hidden = t.state.hiddenName();
    t.state.windows.push({ name: hidden, fn: name, args: translated, at });
    return { k: 'col', name: hidden };
  }
  if (CHANCE_FUNCTIONS.includes(name)) return chance(t, node, translated, scope);
  const definition = findFunction(name);
  if (!definition) {
    reportUnknown(t, node, scope);
    return NOTHING;
  }
  if (definition.approximate && !definition.isExact?.(translated.map(constantOf)))
    reportApproximate(t, definition.approximate, node, scope);
  return { k: 'call', fn: name, args: translated, at };
}

const constantOf = (expr: Expr): Value | undefined => (expr.k === 'lit' ? decodeValue(expr.v, expr.t) : undefined);

function reportUnknown(t: Translation, node: Node, scope: Scope): void {
  const name = node.Name.SimpleName;
  if (findAggregate(name)) {
    t.report(INVALID, `aggregate '${name}' can only stand in summarize`, node.Name, scope);
    return;
  }
  const near = nearest(name, functionNames());
  const reason = functionReason(name) ?? (near ? `the nearest supported one is '${near}'` : undefined);
  t.report(UNSUPPORTED, `function '${name}' is not supported${reason ? `; ${reason}` : ''}`, node.Name, scope);
}

function reportApproximate(t: Translation, difference: string, node: Node, scope: Scope): void {
  const fault = `how Kusto computes ${node.Name.SimpleName}() is not published: ${difference}`;
  if (t.state.context.approximate) t.warn(APPROXIMATE, fault, node.Name, scope);
  else
    t.report(
      APPROXIMATE,
      `${fault}. To run the rule all the same, give it 'approximate: true' in rules/settings.yaml`,
      node.Name,
      scope,
    );
}

/** A column, or every column of the input for `*`. */
function columnsAt(t: Translation, arg: Node, node: Node, scope: Scope): Expr[] {
  if (kindOf(arg) !== 'StarExpression') return [t.scalar(arg, scope)];
  const columns = columnsOf(inputOf(node)?.ResultType);
  if (columns.length === 0) t.report(UNSUPPORTED, "'*' is supported where the columns are known", arg, scope);
  return columns.map(({ Name }) => ({ k: 'col', name: Name, at: scope.at(arg) }));
}

/** How many arguments the functions that are translated here must have. */
const LEAST_ARGUMENTS: ReadonlyMap<string, number> = new Map([
  ['ago', 1],
  ['toscalar', 1],
  ['column_ifexists', 2],
  ['columnifexists', 2],
]);

const DAY_TICKS = 864_000_000_000;

/** `{{StartTimeISO}}` and `{{EndTimeISO}}` of a hunting query: the last day, as the portal has it unless it is told another. */
function huntingTime(arg: Node | undefined): Expr | undefined {
  const text = arg && String(literalValue(arg)?.value ?? '');
  const day: Expr = { k: 'lit', t: 'timespan', v: DAY_TICKS };
  if (text === '{{EndTimeISO}}') return { k: 'now' };
  return text === '{{StartTimeISO}}' ? { k: 'call', fn: '-', args: [{ k: 'now' }, day] } : undefined;
}

/** `bin_auto(x)`: bins as `set query_bin_auto_size` and `query_bin_auto_at` say. https://learn.microsoft.com/kusto/query/bin-auto-function */
function binAuto(t: Translation, args: Node[], scope: Scope, node: Node): Expr {
  const size = t.state.options.get('query_bin_auto_size');
  const from = t.state.options.get('query_bin_auto_at');
  if (!size || !args[0]) {
    t.report(INVALID, 'bin_auto() takes its size from a statement: set query_bin_auto_size = 1h;', node, scope);
    return NOTHING;
  }
  const value = t.scalar(args[0], scope);
  const at = scope.at(node);
  return from
    ? { k: 'call', fn: 'bin_at', args: [value, size, from], at }
    : { k: 'call', fn: 'bin', args: [value, size], at };
}

function columnIfExists(t: Translation, args: Node[], scope: Scope, node: Node): Expr {
  const name = args[0] ? t.scalar(args[0], scope) : NOTHING;
  if (name.k !== 'lit' || typeof name.v !== 'string') {
    if (name.k === 'col') return { k: 'columnifexists', name: name.name, otherwise: t.scalar(args[1]!, scope) };
    t.report(INVALID, 'column_ifexists() takes the column name as a constant string', node, scope);
    return NOTHING;
  }
  return { k: 'columnifexists', name: name.v, otherwise: t.scalar(args[1]!, scope) };
}
