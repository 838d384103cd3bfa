import type { Column } from '../kql';

/** A watchlist: its columns, `SearchKey` among them, and its rows as text. */
export interface Watchlist {
  readonly columns: readonly Column[];
  readonly rows: readonly (readonly string[])[];
  /** Of the file that it was read from. */
  readonly sha256?: string;
  /** When the file was written, ISO 8601. */
  readonly fetchedAt?: string;
  /** There is no such file: it is empty, and no list of the plan. */
  readonly isAbsent?: boolean;
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
