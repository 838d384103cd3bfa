/** What the compiler reads of Microsoft's syntax trees and symbols. No type of the library itself leaves this room. */

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

/** A list of the library: an array, or an object with an indexer. */
export interface Listing<T> {
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
