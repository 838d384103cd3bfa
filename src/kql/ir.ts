import type { Encoded } from './values/codec';
import type { Column, ScalarType } from './values/types';

/**
 * The plan: what the compiler makes of a query and what the engine runs. Plain JSON, refers to columns by name; types are
 * found when a plan is prepared against a schema, because after `bag_unpack` or `pivot` the schema depends on the data.
 */
export interface Pipeline {
  readonly source: Source;
  readonly ops: readonly Op[];
}

export type Source =
  /** A table of the stream. `columns` are those the schema declares (or that an open table's query names). */
  | { readonly kind: 'table'; readonly name: string; readonly columns: readonly Column[] }
  /** Rows known at build: datatable, externaldata, a watchlist. `reference`: the list they are of, see `Reference`. */
  | {
      readonly kind: 'rows';
      readonly columns: readonly Column[];
      readonly rows: readonly (readonly Encoded[])[];
      readonly reference?: string;
    }
  /** One row without columns: `print`. */
  | { readonly kind: 'unit' }
  | { readonly kind: 'range'; readonly name: string; readonly from: Expr; readonly to: Expr; readonly step: Expr }
  | { readonly kind: 'union'; readonly union: Union }
  /** The rows handed in by `mv-apply` (its subquery) or by whoever runs the pipeline. */
  | { readonly kind: 'input' }
  /** The state of a leg, in a flush stage: rows or groups kept by the stream. Made by the splitter only. */
  | { readonly kind: 'state'; readonly leg: number; readonly columns: readonly Column[]; readonly within?: Within };

/**
 * Part of the query period, seen from the end of the window, T: TimeGenerated >= T - `fromMs` (`>` where `fromOpen`) and
 * < T - `toMs` (`<=` where `toClosed`). Milliseconds, multiples of the pane.
 */
export interface Within {
  readonly fromMs?: number;
  readonly fromOpen?: boolean;
  readonly toMs?: number;
  readonly toClosed?: boolean;
}

export interface Union {
  readonly legs: readonly Pipeline[];
  readonly kind: 'outer' | 'inner';
  /** Name of the column that says which leg a row came from, and each leg's text in it. */
  readonly withSource?: string;
  readonly sourceNames?: readonly string[];
  /** Of `isfuzzy=true`: legs from this one on are left out where the columns that data brings are not those that they read. */
  readonly fuzzyFrom?: number;
}

export interface NamedExpr {
  readonly name: string;
  readonly expr: Expr;
}

export type Expr =
  | { readonly k: 'lit'; readonly t: ScalarType; readonly v: Encoded }
  | { readonly k: 'col'; readonly name: string; readonly at?: number }
  /** A scalar function or operator, by its registered name: `strlen`, `=~`, `+`, `and`. `at`: offset in the query. */
  | { readonly k: 'call'; readonly fn: string; readonly args: readonly Expr[]; readonly at?: number }
  /** `now()`: the end of the window, T. */
  | { readonly k: 'now' }
  | { readonly k: 'toscalar'; readonly plan: Pipeline }
  /** `x in (table)`, `has_any (table)`: the first column of the table. */
  | { readonly k: 'intable'; readonly fn: string; readonly left: Expr; readonly plan: Pipeline; readonly at?: number }
  | { readonly k: 'columnifexists'; readonly name: string; readonly otherwise: Expr }
  /** `* has "x"`: whether any visible column is so, a string as it is and others as text; the table name of `search` is none of them. */
  | { readonly k: 'anycolumn'; readonly fn: string; readonly right: Expr; readonly at?: number }
  /** `pack_all()`: every visible column. */
  | { readonly k: 'packall'; readonly ignoreEmpty: boolean };

export interface AggregateCall {
  readonly fn: string;
  readonly args: readonly Expr[];
  /** Output columns: one, or several for arg_max, percentiles. */
  readonly names: readonly string[];
  /** `*` among the arguments of arg_max, arg_min, take_any: every column that is not named otherwise. */
  readonly star?: boolean;
  readonly at?: number;
}

export interface SortKey {
  readonly expr: Expr;
  readonly desc: boolean;
  readonly nullsFirst: boolean;
}

export type ParsePart =
  | { readonly kind: 'star' }
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'column'; readonly name: string; readonly type: ScalarType };

export interface ExpandColumn {
  readonly name: string;
  readonly expr: Expr;
  readonly type?: ScalarType;
}

/** One level of `top-nested`: the `count` (absent: all) values with the greatest, or least, aggregate. */
export interface TopNestedLevel {
  readonly count?: Expr;
  readonly value: NamedExpr;
  readonly aggregates: readonly AggregateCall[];
  /** What is made of the aggregates, whose names it reads. */
  readonly result: NamedExpr;
  readonly desc: boolean;
  /** What stands for all other values in a row of theirs. */
  readonly others?: Expr;
}

/** One `step` of a scan. Its expressions read the state of a step as columns named `scanColumn(step, column)`. */
export interface ScanStep {
  readonly name: string;
  readonly cond: Expr;
  readonly output: 'all' | 'last' | 'none';
  readonly assign: readonly NamedExpr[];
}

/** The hidden column that holds `step.column` while a scan looks at a row. */
export const scanColumn = (step: string, column: string): string => `$scan.${step}.${column}`;

export type JoinKind =
  | 'innerunique'
  | 'inner'
  | 'leftouter'
  | 'rightouter'
  | 'fullouter'
  | 'leftsemi'
  | 'rightsemi'
  | 'leftanti'
  | 'rightanti';

/** `stage`: which written operator it was made of, an index of the compiler's list of stages; for people only. */
export type Op = OpNode & { readonly stage?: number };

type OpNode =
  | { readonly op: 'where'; readonly cond: Expr }
  | { readonly op: 'extend'; readonly columns: readonly NamedExpr[] }
  | { readonly op: 'project'; readonly columns: readonly NamedExpr[] }
  /** Names may hold `*` as wildcard. */
  | { readonly op: 'project-away'; readonly patterns: readonly string[] }
  | { readonly op: 'project-keep'; readonly patterns: readonly string[] }
  /** As `project-keep`, in the order of the patterns. */
  | { readonly op: 'project-by-names'; readonly patterns: readonly string[] }
  | { readonly op: 'project-rename'; readonly renames: readonly { readonly from: string; readonly to: string }[] }
  | {
      readonly op: 'project-reorder';
      readonly columns: readonly {
        readonly pattern: string;
        readonly order?: 'asc' | 'desc' | 'granny-asc' | 'granny-desc';
      }[];
    }
  | {
      readonly op: 'parse';
      readonly input: Expr;
      readonly kind: 'simple' | 'relaxed' | 'regex';
      readonly flags: string;
      readonly parts: readonly ParsePart[];
      /** parse-where: rows that do not match are dropped. */
      readonly filter: boolean;
    }
  | {
      readonly op: 'parse-kv';
      readonly input: Expr;
      readonly columns: readonly Column[];
      readonly pairDelimiter?: string;
      readonly kvDelimiter?: string;
      /** Of one character, or an opening and a closing one. */
      readonly quote?: readonly string[];
      /** Every character of it escapes. */
      readonly escape?: string;
      readonly greedy?: boolean;
      readonly regex?: string;
    }
  /** No columns: `distinct *`. */
  | { readonly op: 'distinct'; readonly columns: readonly NamedExpr[] | undefined }
  | { readonly op: 'sort'; readonly by: readonly SortKey[] }
  | { readonly op: 'top'; readonly count: Expr; readonly by: readonly SortKey[] }
  | { readonly op: 'take'; readonly count: Expr }
  | { readonly op: 'count'; readonly name: string }
  | { readonly op: 'summarize'; readonly aggregates: readonly AggregateCall[]; readonly by: readonly NamedExpr[] }
  | {
      readonly op: 'join';
      readonly kind: JoinKind;
      readonly right: Pipeline;
      readonly on: readonly { readonly left: Expr; readonly right: Expr }[];
    }
  /** `on` names columns of both sides; the right side's are not repeated. */
  | {
      readonly op: 'lookup';
      readonly kind: 'leftouter' | 'inner';
      readonly right: Pipeline;
      readonly on: readonly { readonly left: Expr; readonly right: Expr }[];
    }
  /** `evaluate ipv4_lookup(…)` and `ipv6_lookup(…)`. */
  | {
      readonly op: 'ip-lookup';
      readonly family: 4 | 6;
      readonly right: Pipeline;
      /** The address, a column of the input. */
      readonly ip: Expr;
      /** The column of the right side that holds networks. */
      readonly network: string;
      /** Columns of both sides that must be equal too. */
      readonly extra: readonly string[];
      /** Whether rows without a match stay. */
      readonly unmatched: boolean;
    }
  /** The input is the first leg. */
  | { readonly op: 'union'; readonly union: Union }
  | {
      readonly op: 'mv-expand';
      readonly columns: readonly ExpandColumn[];
      readonly bagAsArray: boolean;
      readonly indexName?: string;
      readonly limit?: Expr;
    }
  | {
      readonly op: 'mv-apply';
      readonly columns: readonly ExpandColumn[];
      readonly indexName?: string;
      readonly limit?: Expr;
      readonly sub: Pipeline;
    }
  | {
      readonly op: 'bag_unpack';
      readonly column: string;
      readonly prefix: string;
      readonly conflict: 'error' | 'replace_source' | 'keep_source';
      readonly ignored: readonly string[];
      /** The declared output, when the query says it: the schema is then known early. */
      readonly schema?: readonly Column[];
      readonly keepOthers?: boolean;
    }
  | {
      readonly op: 'pivot';
      readonly column: string;
      readonly aggregate: AggregateCall;
      /** Columns that make a row; absent: all that are neither pivoted nor aggregated. */
      readonly by?: readonly string[];
      readonly schema?: readonly Column[];
    }
  /** `evaluate rows_near(cond, before, after)`: rows at most so many places from one that fulfils the condition. */
  | { readonly op: 'rows-near'; readonly cond: Expr; readonly before: Expr; readonly after?: Expr }
  /** `evaluate narrow()`: a row (number, column, text) for every cell. */
  | { readonly op: 'narrow' }
  /** `evaluate rolling_percentile(…)`: per bin of `index`, the percentile over that bin and those before it. */
  | {
      readonly op: 'rolling-percentile';
      readonly value: Expr;
      readonly percent: Expr;
      readonly index: NamedExpr;
      readonly binSize: Expr;
      readonly bins: Expr;
      readonly by: readonly NamedExpr[];
      readonly name: string;
    }
  /** Window functions (row_number, prev, …), lifted out of the expression that used them into hidden columns. */
  | {
      readonly op: 'window';
      readonly columns: readonly {
        readonly name: string;
        readonly fn: string;
        readonly args: readonly Expr[];
        readonly at?: number;
      }[];
    }
  /** Removes hidden columns again. */
  | { readonly op: 'drop'; readonly names: readonly string[] }
  | { readonly op: 'getschema' }
  /**
   * The subquery over the rows of each value of a column, results one after the other. A subquery with a source of its own reads the value as
   * the column PARTITION_KEY; one that names its rows (`as`) has further pipelines over its input in it.
   */
  | { readonly op: 'partition'; readonly by: Expr; readonly sub: Pipeline }
  | { readonly op: 'top-nested'; readonly levels: readonly TopNestedLevel[] }
  | {
      readonly op: 'scan';
      /** Columns that steps assign, each with its constant default. */
      readonly declare: readonly { readonly name: string; readonly type: ScalarType; readonly fallback?: Expr }[];
      readonly matchId?: string;
      readonly steps: readonly ScanStep[];
    }
  | {
      readonly op: 'make-series';
      readonly aggregates: readonly (AggregateCall & { readonly fallback?: Expr })[];
      readonly axis: NamedExpr;
      readonly from?: Expr;
      readonly to?: Expr;
      /** Whether `to` belongs to the series: `in range(from, to, step)`. */
      readonly toInclusive?: boolean;
      readonly step: Expr;
      readonly by: readonly NamedExpr[];
      /** `kind=nonempty`: an empty input gives one series of defaults. */
      readonly nonEmpty?: boolean;
    };

export type OpName = Op['op'];
export type OpOf<N extends OpName> = Extract<Op, { readonly op: N }>;

/** Columns whose name starts so are carried along but never shown, counted by `*` or matched by a wildcard. */
export const HIDDEN_PREFIX = '$';
export const isHidden = (name: string): boolean => name.startsWith(HIDDEN_PREFIX) && name !== SEARCHED_TABLE;
/** The column of `search` that says which table a row came from: Kusto's own name, and shown. */
export const SEARCHED_TABLE = '$table';
/** What stands for the value of a partition, `toscalar(Column)`, in `partition by Column { … }`. */
export const PARTITION_KEY = '$partition';
/** The hidden column behind `ingestion_time()`. */
export const INGESTION_COLUMN = '$IngestionTime';
