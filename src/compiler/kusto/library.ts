/**
 * Microsoft's Kusto parser and binder: the only module that loads @kusto/language-service-next (0.5 s of CPU, 100 MB). It is used when
 * rules are built or checked, never in the deployed function.
 */
import type { ColumnSymbol, Listing, Node, TypeSymbol } from './node';
import { type BridgeArrays, type BridgeRuntime, quicken, type SymbolLibrary } from './quick-bridge';

export interface KustoDiagnostic {
  readonly Code: string;
  readonly Severity: string;
  readonly Message: string;
  readonly Start: number;
  readonly Length: number;
}

/** What queries are bound against: clusters, databases, options of the parser. Immutable: `With…` gives another. */
export interface GlobalState {
  readonly ParseOptions: ParseOptions;
  WithCluster(cluster: unknown): GlobalState;
  WithDatabase(database: unknown): GlobalState;
  WithParseOptions(options: ParseOptions): GlobalState;
  /** With room for what the binder works out of tables and functions and can use for the next query. */
  WithCache(): GlobalState;
}

export interface ParseOptions {
  WithAlwaysProduceEndTokens(always: boolean): ParseOptions;
}

export type Tokens = readonly unknown[];

/** A node at the root of a tree, on which diagnostics are collected. */
export interface RootNode extends Node {
  GetContainedSyntaxDiagnostics(): Listing<KustoDiagnostic>;
  /** `include`: 1 syntax, 2 meaning, 3 both. */
  GetContainedDiagnostics(include: number): Listing<KustoDiagnostic>;
}

export interface KustoLibrary {
  readonly KustoCode: {
    GetKind(text: string): string;
    ParseAndAnalyze(
      text: string,
      globals: GlobalState,
    ): { readonly Syntax: RootNode; GetDiagnostics(): Listing<KustoDiagnostic> };
    DetermineResultType(root: Node): TypeSymbol | null;
  };
  readonly Parsing: {
    readonly TokenParser: { ParseTokens(text: string, options: ParseOptions): Tokens };
    readonly QueryParser: { ParseQuery(tokens: Tokens, start: number, options: ParseOptions): RootNode };
  };
  readonly Binding: {
    /** Binds names and types in place; false: the tree is too deep to be walked. */
    readonly Binder: { TryBind(tree: unknown, globals: GlobalState, cache: unknown): boolean };
    readonly LocalBindingCache: new () => unknown;
  };
  readonly DiagnosticFacts: { GetQuerySyntaxDepthExceeded(): KustoDiagnostic };
  readonly KustoFacts: {
    GetExpressionResultName(expression: Node, otherwise: string): string | null;
    GetStringLiteralValue(literal: string): string;
  };
  readonly GlobalState: { readonly Default: GlobalState };
  readonly Syntax: {
    readonly SyntaxKind: Record<string, number | string>;
    readonly SyntaxTree: new (root: Node) => unknown;
  };
  readonly Symbols: {
    readonly SymbolKind: Record<string, number | string>;
    readonly ScalarTypes: { GetSymbol(name: string): TypeSymbol };
    readonly ColumnSymbol: new (name: string, type: TypeSymbol) => ColumnSymbol;
    readonly TableSymbol: { readonly $ctor4: new (name: string, columns: readonly ColumnSymbol[]) => TableSymbol };
    readonly FunctionSymbol: {
      readonly $ctor16: new (name: string, parameters: string, body: string, doc: string) => unknown;
    };
    readonly DatabaseSymbol: { readonly ctor: new (name: string, members: unknown[]) => unknown };
    readonly ClusterSymbol: { readonly ctor: new (name: string, databases: unknown[]) => unknown };
  };
}

export interface TableSymbol extends TypeSymbol {
  WithIsOpen(open: boolean): TableSymbol;
}

interface Loaded {
  readonly library: KustoLibrary;
  /** Names of the kinds of nodes by their number. */
  readonly nodeKinds: readonly string[];
  /** Names of the kinds of symbols by their number. */
  readonly symbolKinds: readonly string[];
}

interface LibraryGlobals {
  readonly Kusto: { readonly Language: KustoLibrary };
  readonly Bridge?: BridgeRuntime;
  readonly System?: { readonly Array: BridgeArrays };
}

let loaded: Loaded | undefined;

function namesOf(kinds: Record<string, number | string>): string[] {
  const names: string[] = [];
  for (const [name, value] of Object.entries(kinds)) if (typeof value === 'number') names[value] = name;
  return names;
}

export function load(): Loaded {
  if (!loaded) {
    // Both define globals and must come in this order.
    require('@kusto/language-service-next/bridge.min.js');
    require('@kusto/language-service-next/Kusto.Language.Bridge.min.js');
    const { Bridge, System, Kusto } = globalThis as unknown as LibraryGlobals;
    const library = Kusto.Language;
    // Not where another realm has loaded it, which several programs share.
    if (Bridge && System) quicken(Bridge, System.Array, library as unknown as SymbolLibrary);
    loaded = {
      library,
      nodeKinds: namesOf(library.Syntax.SyntaxKind),
      symbolKinds: namesOf(library.Symbols.SymbolKind),
    };
  }
  return loaded;
}
