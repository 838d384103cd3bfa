import type { Column, Expr, Pipeline, Reference } from '../kql';
import type { Node } from './kusto';
import type { UnionMember } from './operators/union';
import type { Scope } from './scope';

export interface Fault {
  readonly severity?: 'warning';
  readonly code: string;
  readonly message: string;
  readonly start: number;
  readonly length: number;
}

/** A watchlist: its columns, `SearchKey` among them, and its rows as text. */
export interface Watchlist {
  readonly columns: readonly Column[];
  readonly rows: readonly (readonly string[])[];
  /** Of the file that it was read from. */
  readonly sha256?: string;
  /** When the file was written, ISO 8601. */
  readonly fetchedAt?: string;
}

/** The content of a URL. */
export interface ListContent {
  readonly text: string;
  /** Of the bytes that the text was read from, hex. */
  readonly sha256: string;
  /** When it was fetched, or a local file written, ISO 8601. */
  readonly fetchedAt: string;
  /** It was read from a local file that stands for the URL. */
  readonly isLocal?: boolean;
  /** Something that whoever builds the rule should know of it. */
  readonly warning?: string;
}

/** Why the content of a URL is not there, and what to do. */
export interface ListFault {
  readonly problem: string;
}

/** What a query reads besides tables: rows of `externaldata` operators and watchlists. */
export interface ReferenceData {
  /** Content of a URL; undefined if it was not asked for yet. */
  external(url: string): ListContent | ListFault | undefined;
  /** Watchlists by alias. */
  readonly watchlists: ReadonlyMap<string, Watchlist>;
}

/** The work of turning one query into a plan: what the translators of expressions and operators share. */
export interface Translation {
  scalar(node: Node, scope: Scope): Expr;
  table(node: Node, scope: Scope): Pipeline;
  /** Records a problem and goes on, so that one run names them all. */
  report(code: string, message: string, node: Node, scope: Scope): void;
  /** As `report`, of what a rule may do all the same. */
  warn(code: string, message: string, node: Node, scope: Scope): void;
  /** What `set name = value;` says. */
  option(name: string): Expr | undefined;
  /** Columns of a source table by its name, as the plan will read them. */
  source(name: string): Pipeline;
  /** What "every table" is, views in scope included; undefined where a query must name its tables. */
  everyTable(scope: Scope): UnionMember[] | undefined;
  /** Calls a `let` or saved function. */
  call(node: Node, scope: Scope, input?: Pipeline): { plan?: Pipeline; expr?: Expr } | undefined;
  readonly data: ReferenceData;
  /** Lists that the query was found to use. */
  readonly references: Reference[];
  /** Window functions met in the operator being translated: lifted out before it. */
  windows: { name: string; fn: string; args: Expr[]; at: number }[];
  hiddenName(): string;
  /** Whether the query, as far as it was translated, reads a table of the stream. */
  readsTables(): boolean;
  /** Set when the query uses ingestion_time(): sources then carry the hidden column. */
  usesIngestion: boolean;
}

/** Codes of our own problems; Kusto's are KS…. */
export const UNSUPPORTED = 'unsupported';
export const INVALID = 'invalid';

/** What to do about a name that is no table and no function. */
export const unknownSource = (name: string): string =>
  `'${name}' is not known: put a saved function (a parser, say) at rules/functions/${name}.kql, or the schema of a table at tables/${name}.json`;
