import { anyColumn, type Expr, findAggregate, findFunction, findWindow, functionNames, INGESTION_COLUMN } from '../kql';
import { columnsOf, elements, kindOf, knownColumns, type Node, scalarType, symbolKind } from './kusto';
import { dynamicValue, literal, literalValue } from './literals';
import { nearest } from './nearest';
import type { Scope } from './scope';
import { INVALID, type Translation, UNSUPPORTED } from './translation';

/** Operators of two operands by the grammar's name of the expression. */
export const BINARY: Readonly<Record<string, string>> = {
  AddExpression: '+',
  SubtractExpression: '-',
  MultiplyExpression: '*',
  DivideExpression: '/',
  ModuloExpression: '%',
  EqualExpression: '==',
  NotEqualExpression: '!=',
  LessThanExpression: '<',
  LessThanOrEqualExpression: '<=',
  GreaterThanExpression: '>',
  GreaterThanOrEqualExpression: '>=',
  EqualTildeExpression: '=~',
  BangTildeExpression: '!~',
  HasExpression: 'has',
  NotHasExpression: '!has',
  HasCsExpression: 'has_cs',
  NotHasCsExpression: '!has_cs',
  HasPrefixExpression: 'hasprefix',
  NotHasPrefixExpression: '!hasprefix',
  HasPrefixCsExpression: 'hasprefix_cs',
  NotHasPrefixCsExpression: '!hasprefix_cs',
  HasSuffixExpression: 'hassuffix',
  NotHasSuffixExpression: '!hassuffix',
  HasSuffixCsExpression: 'hassuffix_cs',
  NotHasSuffixCsExpression: '!hassuffix_cs',
  ContainsExpression: 'contains',
  NotContainsExpression: '!contains',
  ContainsCsExpression: 'contains_cs',
  NotContainsCsExpression: '!contains_cs',
  StartsWithExpression: 'startswith',
  NotStartsWithExpression: '!startswith',
  StartsWithCsExpression: 'startswith_cs',
  NotStartsWithCsExpression: '!startswith_cs',
  EndsWithExpression: 'endswith',
  NotEndsWithExpression: '!endswith',
  EndsWithCsExpression: 'endswith_cs',
  NotEndsWithCsExpression: '!endswith_cs',
  MatchesRegexExpression: 'matches regex',
  AndExpression: 'and',
  OrExpression: 'or',
};

const LIST: Readonly<Record<string, string>> = {
  // Microsoft's parser calls `in~` InCs.
  InExpression: 'in',
  InCsExpression: 'in~',
  NotInExpression: '!in',
  NotInCsExpression: '!in~',
  HasAnyExpression: 'has_any',
  HasAllExpression: 'has_all',
};

/** What stands for an expression that could not be translated: the query is refused anyway. */
export const NOTHING: Expr = literal(null, 'dynamic');

export const isTable = (node: Node): boolean => {
  const kind = symbolKind(node.ResultType);
  return kind === 'Table' || (kind === 'Group' && columnsOf(node.ResultType).length === 0);
};

/** A scalar expression node → plan expression. Problems are reported, and something harmless returned. */
export function translateScalar(t: Translation, node: Node, scope: Scope): Expr {
  const kind = kindOf(node);
  const at = scope.at(node);
  if (BINARY[kind] && kindOf(node.Left) === 'StarExpression') return anyColumnOfInput(t, BINARY[kind], node, scope);
  if (BINARY[kind])
    return flat({ k: 'call', fn: BINARY[kind], args: [t.scalar(node.Left, scope), t.scalar(node.Right, scope)], at });
  if (LIST[kind]) return listExpression(t, LIST[kind], node, scope);
  if (isPresent(node)) return now(t);
  const known = literalValue(node);
  if (known) {
    if (known.fault) t.report(INVALID, known.fault, node, scope);
    return literal(known.value, known.type);
  }
  switch (kind) {
    case 'ParenthesizedExpression':
    case 'SimpleNamedExpression':
    case 'OrderedExpression':
    case 'MaterializeExpression':
      return t.scalar(node.Expression, scope);
    case 'NullLiteralExpression':
      return NOTHING;
    case 'DynamicExpression':
      return literal(dynamicValue(node), 'dynamic');
    case 'TypeOfLiteralExpression':
      return literal(typeName(node), 'string');
    case 'NameReference':
      return nameReference(t, node, scope);
    case 'BetweenExpression':
    case 'NotBetweenExpression':
      return {
        k: 'call',
        fn: kind === 'BetweenExpression' ? 'between' : '!between',
        args: [t.scalar(node.Left, scope), t.scalar(node.Right.First, scope), t.scalar(node.Right.Second, scope)],
        at,
      };
    case 'UnaryMinusExpression':
      return { k: 'call', fn: 'unary-', args: [t.scalar(node.Expression, scope)], at };
    case 'UnaryPlusExpression':
      return t.scalar(node.Expression, scope);
    case 'PathExpression':
      return pathExpression(t, node, scope);
    case 'ElementExpression':
      return {
        k: 'call',
        fn: '[]',
        args: [t.scalar(node.Expression, scope), t.scalar(node.Selector.Expression, scope)],
        at,
      };
    case 'ToScalarExpression':
      return isTable(node.Expression)
        ? { k: 'toscalar', plan: t.table(node.Expression, scope) }
        : t.scalar(node.Expression, scope);
    case 'FunctionCallExpression':
      return functionCall(t, node, scope);
    default:
      t.report(UNSUPPORTED, `${kind} is not supported in an expression`, node, scope);
      return NOTHING;
  }
}

/** `datetime()` without anything in it. */
const isPresent = (node: Node): boolean =>
  kindOf(node) === 'DateTimeLiteralExpression' && node.Token.ValueText.trim() === '';

/** The end of the window, or what `set query_now` puts in its place. */
const now = (t: Translation): Expr => t.option('query_now') ?? { k: 'now' };

/** `* has "x"`: whether any column of the operator's input does, as text. */
function anyColumnOfInput(t: Translation, fn: string, node: Node, scope: Scope): Expr {
  const type = inputOf(node)?.ResultType;
  const columns = knownColumns(type);
  const right = t.scalar(node.Right, scope);
  const at = scope.at(node);
  // What a plugin unpacks shows when it has run.
  if (columns.length === 0 || type?.IsOpen) return { k: 'anycolumn', fn, right, at };
  return anyColumn(columns, fn, right, at);
}

/** What the operator that an expression stands in works on. */
export function inputOf(node: Node): Node | undefined {
  for (let child = node, parent = node.Parent; parent; child = parent, parent = parent.Parent) {
    if (kindOf(parent) === 'SearchOperator') return undefined;
    if (kindOf(parent) === 'PipeExpression' && parent.Operator.TextStart === child.TextStart) return parent.Expression;
  }
  return undefined;
}

/** `a and b and c` is one call: fewer frames, and conjuncts are easy to take apart. */
export function flat(call: Extract<Expr, { k: 'call' }>): Expr {
  if (call.fn !== 'and' && call.fn !== 'or') return call;
  const args = call.args.flatMap((arg) => (arg.k === 'call' && arg.fn === call.fn ? arg.args : [arg]));
  return { ...call, args };
}

function typeName(node: Node): string {
  const first = elements(node.Types)[0];
  const text = first ? first.ToString().trim() : '';
  return scalarType(text) ?? text;
}

function listExpression(t: Translation, fn: string, node: Node, scope: Scope): Expr {
  const items = kindOf(node.Right) === 'ExpressionList' ? elements(node.Right.Expressions) : [node.Right];
  const left = t.scalar(node.Left, scope);
  const [only] = items;
  if (items.length === 1 && only && isTable(only)) {
    return { k: 'intable', fn, left, plan: t.table(only, scope), at: scope.at(node) };
  }
  return { k: 'call', fn, args: [left, ...items.map((item) => t.scalar(item, scope))], at: scope.at(node) };
}

function nameReference(t: Translation, node: Node, scope: Scope): Expr {
  const name = node.SimpleName;
  const symbol = symbolKind(node.ReferencedSymbol);
  if (symbol !== 'Column') {
    const binding = scope.find(name);
    if (binding?.kind === 'scalar') return binding.expr;
    if (binding?.kind === 'table') return { k: 'toscalar', plan: binding.plan };
    if (binding?.kind === 'function') {
      const called = t.call(node, scope);
      if (called?.expr) return called.expr;
    }
  }
  return { k: 'col', name, at: scope.at(node) };
}

function pathExpression(t: Translation, node: Node, scope: Scope): Expr {
  const selector = node.Selector;
  const object = t.scalar(node.Expression, scope);
  const at = scope.at(node);
  if (kindOf(selector) === 'BracketedExpression') {
    return { k: 'call', fn: '[]', args: [object, t.scalar(selector.Expression, scope)], at };
  }
  return { k: 'call', fn: '.member', args: [object, literal(selector.SimpleName, 'string')], at };
}

function functionCall(t: Translation, node: Node, scope: Scope): Expr {
  const name = node.Name.SimpleName;
  const at = scope.at(node);
  const called = t.call(node, scope);
  if (called) {
    if (called.expr) return called.expr;
    if (called.plan) return { k: 'toscalar', plan: called.plan };
    return NOTHING;
  }
  const args = elements(node.ArgumentList.Expressions);
  // The binder says so.
  if (args.length < (LEAST_ARGUMENTS.get(name) ?? 0)) return NOTHING;
  switch (name) {
    case 'now':
      return args[0] ? { k: 'call', fn: '+', args: [now(t), t.scalar(args[0], scope)], at } : now(t);
    case 'ago':
      return { k: 'call', fn: '-', args: [now(t), t.scalar(args[0]!, scope)], at };
    case 'ingestion_time':
      if (!t.readsTables()) return literal(null, 'datetime');
      t.usesIngestion = true;
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
    const hidden = t.hiddenName();
    t.windows.push({ name: hidden, fn: name, args: translated, at });
    return { k: 'col', name: hidden };
  }
  if (!findFunction(name)) {
    if (findAggregate(name)) t.report(INVALID, `aggregate '${name}' can only stand in summarize`, node.Name, scope);
    else {
      const near = nearest(name, functionNames());
      const reason = REASONS[name] ?? (near ? `the nearest supported one is '${near}'` : undefined);
      t.report(UNSUPPORTED, `function '${name}' is not supported${reason ? `; ${reason}` : ''}`, node.Name, scope);
    }
    return NOTHING;
  }
  const difference = UNPUBLISHED.find(([names]) => names.test(name))?.[1];
  if (difference)
    t.warn('approximate', `how Kusto computes ${name}() is not published: ${difference}`, node.Name, scope);
  return { k: 'call', fn: name, args: translated, at };
}

/** A column, or every column of the input for `*`. */
function columnsAt(t: Translation, arg: Node, node: Node, scope: Scope): Expr[] {
  if (kindOf(arg) !== 'StarExpression') return [t.scalar(arg, scope)];
  const columns = columnsOf(inputOf(node)?.ResultType);
  if (columns.length === 0) t.report(UNSUPPORTED, "'*' is supported where the columns are known", arg, scope);
  return columns.map(({ Name }) => ({ k: 'col', name: Name, at: scope.at(arg) }));
}

/** Of calls that are taken apart here. */
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

const CHANCE = 'it gives another result each time, and a window that is run again must give the same';
/** Why a function of Kusto's is left out, and what to do instead. */
const REASONS: Readonly<Record<string, string>> = {
  geo_info_from_ip_address: 'it needs a database of addresses: join a watchlist with ipv4_lookup instead',
  parse_user_agent: 'it needs a database of browsers and devices, and which one Kusto has is not published',
  rand: CHANCE,
  new_guid: CHANCE,
};

/** Functions of which only the results are documented, and what that means for them. */
const UNPUBLISHED: readonly (readonly [RegExp, string])[] = [
  [
    /^series_(outliers|decompose_anomalies|periods_(detect|validate))$/,
    "scores, and flags near the threshold, may differ from Kusto's",
  ],
  [/^hash_(combine|many)$/, 'the same arguments give the same value, which is not the one that Kusto gives'],
];

/** `bin_auto(x)`: bins as `set query_bin_auto_size` and `query_bin_auto_at` say. https://learn.microsoft.com/kusto/query/bin-auto-function */
function binAuto(t: Translation, args: Node[], scope: Scope, node: Node): Expr {
  const size = t.option('query_bin_auto_size');
  const from = t.option('query_bin_auto_at');
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
