import type { Diagnostic } from '../diagnostic';
import { isGraphOperator, unsupportedNode } from '../unsupported';
import { type Database, globalsOf } from './database';
import { type GlobalState, type KustoDiagnostic, load, type RootNode } from './library';
import { isMistaken } from './mistaken';
import type { Listing, Node } from './node';
import { childrenOf, columnsOf, items, kindOf } from './tree';

/** A query taken apart, its names not looked up yet. */
export interface ParsedQuery {
  readonly text: string;
  readonly root: Node;
  /** The library's own object around `root`. */
  readonly tree: unknown;
  /** What breaks the grammar. */
  readonly diagnostics: readonly Diagnostic[];
  /** Not a management command. */
  readonly isQuery: boolean;
}

export interface Analysis {
  readonly root: Node;
  readonly columns: readonly { readonly name: string; readonly type: string }[];
  readonly diagnostics: readonly Diagnostic[];
  /** Whether names and types are known; without them there is nothing to translate. */
  readonly isBound: boolean;
}

const SYNTAX_AND_MEANING = 3;

/** Parses a query. Costs a fifth of what binding it does. */
export function parse(text: string, database: Database): ParsedQuery {
  const { KustoCode, Parsing, Syntax } = load().library;
  const { ParseOptions } = globalsOf(database);
  if (KustoCode.GetKind(text) === 'Command') {
    const code = KustoCode.ParseAndAnalyze(text, globalsOf(database));
    const { Syntax: root } = code;
    return { text, root, tree: undefined, diagnostics: ours(code.GetDiagnostics(), text), isQuery: false };
  }
  // As KustoCode.Parse does it, which builds a second grammar besides and never uses it: a second of CPU.
  const tokens = Parsing.TokenParser.ParseTokens(text, ParseOptions);
  const root = Parsing.QueryParser.ParseQuery(tokens, 0, ParseOptions);
  const tree = new Syntax.SyntaxTree(root);
  return { text, root, tree, diagnostics: ours(root.GetContainedSyntaxDiagnostics(), text), isQuery: true };
}

/** Binds names and types of a parsed query, in place: once for each. */
export function bind({ text, root, tree }: ParsedQuery, database: Database): Analysis {
  const { library } = load();
  let found: KustoDiagnostic[];
  try {
    found = bindTree(root as RootNode, tree, globalsOf(database));
  } catch {
    // Microsoft's binder throws on some queries (a graph operator without a graph before it).
    return unbound(root);
  }
  return {
    root,
    isBound: true,
    columns: columnsOf(library.KustoCode.DetermineResultType(root)).map(({ Name, Type }) => ({
      name: Name,
      type: Type.Name,
    })),
    diagnostics: ours(found, text),
  };
}

function bindTree(root: RootNode, tree: unknown, globals: GlobalState): KustoDiagnostic[] {
  const { Binding, DiagnosticFacts } = load().library;
  const isSafe = Binding.Binder.TryBind(tree, globals, new Binding.LocalBindingCache());
  const found = items(root.GetContainedDiagnostics(SYNTAX_AND_MEANING));
  return isSafe ? found : [...found, DiagnosticFacts.GetQuerySyntaxDepthExceeded()];
}

const ours = (found: Listing<KustoDiagnostic> | readonly KustoDiagnostic[], text: string): Diagnostic[] =>
  items(found)
    .filter(({ Severity }) => Severity === 'Error' || Severity === 'Warning')
    .filter(({ Code, Start }) => !isMistaken(Code, text.slice(0, Start), text.slice(Start)))
    .map(({ Code, Severity, Message, Start, Length }) => ({
      code: Code,
      severity: Severity === 'Error' ? 'error' : 'warning',
      message: Message,
      start: Start,
      length: Length,
    }));

/** A query that the binder could not work through: refused, at the operator that is the likeliest cause. */
function unbound(root: Node): Analysis {
  const cause = firstNode(root, (node) => isGraphOperator(kindOf(node)));
  const message = cause ? unsupportedNode(kindOf(cause)) : 'the query could not be bound';
  const diagnostics: Diagnostic[] = [
    { code: 'unsupported', severity: 'error', message, start: cause?.TextStart ?? 0, length: cause?.Width ?? 1 },
  ];
  return { root, isBound: false, columns: [], diagnostics };
}

function firstNode(node: Node, test: (node: Node) => boolean): Node | undefined {
  if (test(node)) return node;
  for (const child of childrenOf(node)) {
    const found = firstNode(child, test);
    if (found) return found;
  }
  return undefined;
}
