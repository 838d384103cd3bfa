/**
 * Microsoft's Kusto parser and binder, wrapped: the only module that loads @kusto/language-service-next (1.4–2.4 s, 160 MB), and no
 * type of it leaves this room. It is used when rules are built or checked, never in the deployed function.
 */
import type { Column, ScalarType } from '../kql/values/types';
import { isMistaken } from './mistaken';
import { isGraphOperator, unsupportedNode } from './unsupported';
import { WATCHLIST_FUNCTIONS } from './watchlist-functions';

/** A node or token of the syntax tree, as far as the compiler reads it. Typed children are named as in the grammar. */
export interface Node {
  readonly Kind: number;
  /** Where its text begins, after the white space and comments before it. */
  readonly TextStart: number;
  /** Where the white space and comments before it begin. */
  readonly TriviaStart: number;
  readonly Width: number;
  readonly ChildCount: number;
  GetChild(index: number): Node | null;
  readonly NameInParent: string | null;
  readonly Parent: Node | null;
  readonly IsToken: boolean;
  readonly IsMissing: boolean;
  readonly Text: string;
  /** Of a token: the white space and comments before it. */
  readonly Trivia: string;
  readonly SimpleName: string;
  readonly LiteralValue: unknown;
  readonly ResultType: TypeSymbol | null;
  readonly RawResultType: TypeSymbol | null;
  readonly ReferencedSymbol: TypeSymbol | null;
  readonly Token: { readonly Text: string; readonly ValueText: string };
  GetCalledFunctionBody?(): Node | null;
  /** Without white space and comments. */
  ToString(): string;
  // Typed children, by the grammar's names; present on the kinds that have them.
  readonly Expression: Node;
  readonly Operator: Node;
  readonly Left: Node;
  readonly Right: Node;
  readonly Name: Node;
  readonly Names: Node;
  readonly Type: Node;
  readonly Selector: Node;
  readonly ArgumentList: Node;
  readonly Arguments: Node;
  readonly Expressions: Node;
  readonly Statements: Node;
  readonly Parameters: Node;
  readonly Body: Node;
  readonly Condition: Node;
  readonly Function: Node;
  readonly FunctionCall: Node;
  readonly Schema: Node | null;
  readonly Columns: Node;
  readonly Values: Node;
  readonly Pairs: Node;
  readonly Value: Node;
  readonly Patterns: Node;
  readonly Aggregates: Node;
  readonly ByClause: Node | null;
  readonly ByExpression: Node;
  readonly Ordering: Node;
  readonly NullsClause: Node | null;
  readonly AscOrDescKeyword: Node | null;
  readonly ConditionClause: Node | null;
  readonly LookupClause: Node | null;
  readonly RowLimitClause: Node | null;
  readonly RowLimit: Node;
  readonly ToTypeOf: Node | null;
  readonly TypeOf: Node;
  readonly Types: Node;
  readonly Subquery: Node;
  readonly Query: Node;
  readonly AsIdentifier: Node | null;
  readonly Identifier: Node;
  readonly OnClause: Node;
  readonly RangeClause: Node;
  readonly MakeSeriesFromClause: Node | null;
  readonly MakeSeriesToClause: Node | null;
  readonly MakeSeriesStepClause: Node;
  readonly DeclareClause: Node | null;
  readonly PartitionByClause: Node | null;
  readonly OrderByClause: Node | null;
  readonly Declarations: Node;
  readonly Steps: Node;
  readonly Operand: Node;
  readonly Clauses: Node;
  readonly OfExpression: Node;
  readonly WithOthersClause: Node | null;
  readonly ScanStepOutput: Node | null;
  readonly OutputKind: Node;
  readonly ComputationClause: Node | null;
  readonly Assignments: Node;
  readonly DefaultExpression: Node | null;
  readonly DefaultValue: Node | null;
  readonly ValueClause: Node | null;
  readonly NameAndType: Node;
  readonly WithClause: Node | null;
  readonly Properties: Node;
  readonly URIs: Node;
  readonly From: Node;
  readonly To: Node;
  readonly Step: Node;
  readonly First: Node;
  readonly Second: Node;
  readonly Keys: Node;
  readonly NullsKeyword?: Node;
  readonly FirstOrLastKeyword?: Node;
  readonly Directives?: Node;
  readonly InClause: Node | null;
  readonly Project: Node | null;
  readonly ViewKeyword: Node | null;
  readonly Pattern: Node | null;
  readonly ParameterValues: Node;
  readonly PathValue: Node | null;
}

interface Listing<T> {
  readonly Count?: number;
  readonly length?: number;
  getItem?(index: number): T;
  readonly [index: number]: T;
}

export interface TypeSymbol {
  readonly Name: string;
  readonly Kind: number;
  readonly Columns?: Listing<ColumnSymbol> | null;
  readonly Members?: Listing<TypeSymbol> | null;
  readonly IsOpen?: boolean;
}

export interface ColumnSymbol extends TypeSymbol {
  readonly Type: { readonly Name: string };
  readonly Source: Node | null;
}

interface KustoDiagnostic {
  readonly Code: string;
  readonly Severity: string;
  readonly Message: string;
  readonly Start: number;
  readonly Length: number;
}

interface KustoLibrary {
  readonly KustoCode: {
    ParseAndAnalyze(
      text: string,
      globals: unknown,
    ): {
      readonly Syntax: Node;
      readonly ResultType: TypeSymbol | null;
      readonly Kind: string;
      GetDiagnostics(): Listing<KustoDiagnostic>;
    };
    Parse(text: string): { readonly Syntax: Node };
  };
  readonly KustoFacts: {
    GetExpressionResultName(expression: Node, otherwise: string): string | null;
    GetStringLiteralValue(literal: string): string;
  };
  readonly GlobalState: {
    readonly Default: { WithCluster(cluster: unknown): { WithDatabase(database: unknown): unknown } };
  };
  readonly Syntax: { readonly SyntaxKind: Record<string, number | string> };
  readonly Symbols: {
    readonly SymbolKind: Record<string, number | string>;
    readonly TableSymbol: { From(schema: string): { WithName(name: string): { WithIsOpen(open: boolean): unknown } } };
    readonly FunctionSymbol: {
      readonly $ctor16: new (name: string, parameters: string, body: string, doc: string) => unknown;
    };
    readonly DatabaseSymbol: { readonly ctor: new (name: string, members: unknown[]) => unknown };
    readonly ClusterSymbol: { readonly ctor: new (name: string, databases: unknown[]) => unknown };
  };
}

let loaded: { library: KustoLibrary; kinds: string[] } | undefined;

export function load(): { library: KustoLibrary; kinds: string[] } {
  if (!loaded) {
    // Both define globals and must come in this order.
    require('@kusto/language-service-next/bridge.min.js');
    require('@kusto/language-service-next/Kusto.Language.Bridge.min.js');
    const library = (globalThis as unknown as { Kusto: { Language: KustoLibrary } }).Kusto.Language;
    const kinds: string[] = [];
    for (const [name, value] of Object.entries(library.Syntax.SyntaxKind)) {
      if (typeof value === 'number') kinds[value] = name;
    }
    loaded = { library, kinds };
  }
  return loaded;
}

/** A table that queries may read. Open: columns it does not name may be used, of the type that their suffix says (`_s` string …), or dynamic. */
export interface TableDeclaration {
  readonly name: string;
  readonly columns: readonly Column[];
  readonly open?: boolean;
}

/** A saved function: `parameters` with their parentheses, `body` with its braces. */
export interface FunctionDeclaration {
  readonly name: string;
  readonly parameters: string;
  readonly body: string;
}

export interface Diagnostic {
  /** Kusto's code, KS… */
  readonly code: string;
  readonly severity: 'error' | 'warning';
  readonly message: string;
  /** Offset in the text, UTF-16 units. */
  readonly start: number;
  readonly length: number;
}

export interface Analysis {
  readonly root: Node;
  readonly columns: readonly { readonly name: string; readonly type: string }[];
  readonly diagnostics: readonly Diagnostic[];
  readonly isQuery: boolean;
  /** Whether names and types are known; without them there is nothing to translate. */
  readonly isBound: boolean;
}

/** A name as a query has it: in brackets where it is no plain word. */
export const quoted = (name: string): string =>
  /^[A-Za-z_]\w*$/.test(name) ? name : `['${name.replace(/'/g, "\\'")}']`;

/** What queries are bound against. Costly to make (tens of ms): make it once. */
export function createDatabase(
  tables: readonly TableDeclaration[],
  functions: readonly FunctionDeclaration[] = [],
  watchlists: ReadonlyMap<string, { readonly columns: readonly Column[] }> = new Map(),
): unknown {
  const { library } = load();
  const { FunctionSymbol, DatabaseSymbol, ClusterSymbol } = library.Symbols;
  const own = new Set(functions.map(({ name }) => name));
  const workspace = new DatabaseSymbol.ctor('workspace', [
    ...tables.map(tableSymbol),
    ...[...functions, ...WATCHLIST_FUNCTIONS.filter(({ name }) => !own.has(name))].map(
      (f) => new FunctionSymbol.$ctor16(f.name, f.parameters, f.body, ''),
    ),
  ]);
  const lists = new DatabaseSymbol.ctor(
    'watchlists',
    [...watchlists].map(([name, { columns }]) => tableSymbol({ name, columns })),
  );
  return library.GlobalState.Default.WithCluster(new ClusterSymbol.ctor('sentinel', [workspace, lists])).WithDatabase(
    workspace,
  );
}

function tableSymbol({ name, columns, open }: TableDeclaration): unknown {
  return load()
    .library.Symbols.TableSymbol.From(`(${columns.map((c) => `${quoted(c.name)}:${c.type}`).join(', ')})`)
    .WithName(name)
    .WithIsOpen(open === true);
}

/** Parses and binds a query. */
export function analyze(text: string, database: unknown): Analysis {
  const { library } = load();
  let code: ReturnType<KustoLibrary['KustoCode']['ParseAndAnalyze']>;
  try {
    code = library.KustoCode.ParseAndAnalyze(text, database);
  } catch {
    // Microsoft's binder throws on some queries (a graph operator without a graph before it).
    return unbound(text);
  }
  return {
    root: code.Syntax,
    isBound: true,
    isQuery: code.Kind === 'Query',
    columns: columnsOf(code.ResultType).map((column) => ({ name: column.Name, type: column.Type.Name })),
    diagnostics: items(code.GetDiagnostics())
      .filter((d) => d.Severity === 'Error' || d.Severity === 'Warning')
      .filter((d) => !isMistaken(d.Code, text.slice(0, d.Start), text.slice(d.Start)))
      .map((d) => ({
        code: d.Code,
        severity: d.Severity === 'Error' ? 'error' : 'warning',
        message: d.Message,
        start: d.Start,
        length: d.Length,
      })),
  };
}

/** A query that the binder could not work through: refused, at the operator that is the likeliest cause. */
function unbound(text: string): Analysis {
  const { Syntax } = load().library.KustoCode.Parse(text);
  const cause = firstNode(Syntax, (node) => isGraphOperator(kindOf(node)));
  const message = cause ? unsupportedNode(kindOf(cause)) : 'the query could not be bound';
  const diagnostics: Diagnostic[] = [
    { code: 'unsupported', severity: 'error', message, start: cause?.TextStart ?? 0, length: cause?.Width ?? 1 },
  ];
  return { root: Syntax, isBound: false, isQuery: true, columns: [], diagnostics };
}

function firstNode(node: Node, test: (node: Node) => boolean): Node | undefined {
  if (test(node)) return node;
  for (const child of childrenOf(node)) {
    const found = firstNode(child, test);
    if (found) return found;
  }
  return undefined;
}

function items<T>(listing: Listing<T> | null | undefined): T[] {
  const result: T[] = [];
  if (!listing) return result;
  const count = listing.Count ?? listing.length ?? 0;
  for (let i = 0; i < count; i++) result.push(listing.getItem ? listing.getItem(i) : listing[i]!);
  return result;
}

/** Name of a node's kind, as `FilterOperator`. */
export const kindOf = (node: Node): string => load().kinds[node.Kind] ?? String(node.Kind);

export function childrenOf(node: Node): Node[] {
  const children: Node[] = [];
  for (let i = 0; i < node.ChildCount; i++) {
    const child = node.GetChild(i);
    if (child) children.push(child);
  }
  return children;
}

/** As it is written, white space and comments inside it included. */
export function writtenText(node: Node): string {
  let text = '';
  const visit = (part: Node): void => {
    if (part.IsToken) text += text === '' ? part.Text : `${part.Trivia}${part.Text}`;
    childrenOf(part).forEach(visit);
  };
  visit(node);
  return text;
}

/** The elements of a syntax list, without separators. */
export function elements(list: Node | null | undefined): Node[] {
  const result: Node[] = [];
  if (!list) return result;
  for (const child of childrenOf(list)) {
    const element = kindOf(child) === 'SeparatedElement' ? child.GetChild(0) : child;
    if (element && !(element.IsToken && element.Text === ',')) result.push(element);
  }
  return result;
}

export const columnsOf = (type: TypeSymbol | null | undefined): ColumnSymbol[] => items(type?.Columns);
/** Columns of a table's type that have a type of ours. */
export const knownColumns = (type: TypeSymbol | null | undefined): Column[] =>
  columnsOf(type).map((column) => ({ name: column.Name, type: scalarType(column.Type.Name) ?? 'dynamic' }));
export const membersOf = (type: TypeSymbol | null | undefined): TypeSymbol[] => items(type?.Members);

/** Kind of a symbol: Column, Table, Function, Variable, Parameter, Group … */
export function symbolKind(symbol: TypeSymbol | null | undefined): string {
  if (!symbol) return '';
  const kinds = load().library.Symbols.SymbolKind;
  for (const [name, value] of Object.entries(kinds)) if (value === symbol.Kind) return name;
  return '';
}

/** The name that Kusto gives an expression without one; "" if it has none of its own. */
export const resultName = (expression: Node): string =>
  load().library.KustoFacts.GetExpressionResultName(expression, '') ?? '';

/** The text that a string literal means, escapes undone. */
export const literalText = (literal: string): string => load().library.KustoFacts.GetStringLiteralValue(literal);

const TYPE_NAMES: Readonly<Record<string, ScalarType>> = {
  bool: 'bool',
  boolean: 'bool',
  int8: 'bool',
  int64: 'long',
  int: 'int',
  long: 'long',
  real: 'real',
  double: 'real',
  decimal: 'decimal',
  string: 'string',
  datetime: 'datetime',
  date: 'datetime',
  timespan: 'timespan',
  time: 'timespan',
  guid: 'guid',
  uuid: 'guid',
  uniqueid: 'guid',
  dynamic: 'dynamic',
};

/** Kusto's name of a scalar type, aliases included → the type; undefined if it is none. */
export const scalarType = (name: string): ScalarType | undefined =>
  Object.hasOwn(TYPE_NAMES, name) ? TYPE_NAMES[name] : undefined;
