import type { Names } from '../analysis/names';
import type { AggregateCall, Expr, NamedExpr, Op, OpOf, Pipeline, SortKey } from '../ir';
import type { Binder } from '../prepared';
import type { Schema } from '../values/types';

/**
 * What is known of an operator beside how it runs. All of it may be left out: what is not said is taken to be the worst, so that an operator of
 * which nothing is known runs when a window closes, over all rows and columns, and nothing is concluded past it.
 *
 * Facts that decide what runs on arrival (`needs`, `ignoresClock`, `onArrival`, `rows`, `condition`, `canWait`, `writes`, `keeps`, `mayGoEmpty`, `asSummarize`) are
 * part of what stored state means: a rule whose facts change gets another state hash, and its open windows are run by the old plan.
 */
export interface OperatorFacts<Node> {
  /** Expressions over the rows that it stands on. Absent: all that stand in the node. */
  expressions?(node: Node): readonly Expr[];
  /** The pipeline in it whose `input` is rows that it hands in. Absent: none. */
  subquery?(node: Node): Pipeline;
  /** What pipelines that stand directly in the node are for a reader. Absent: `query`. */
  readonly inner?: InnerRole;
  /** Columns needed of its input, when those in `wanted` are needed of its output. More than needed is safe. Absent: all. */
  needs?(node: Node, wanted: Names, bind: Binder): Names;

  /** Whether it looks at its rows and at what its expressions say alone, not at the end of the window. Absent: it may look at it. */
  readonly ignoresClock?: boolean;
  /** Whether it may run when an event arrives, where its expressions may: it looks at one row and nothing else. Absent: no. */
  onArrival?(node: Node): boolean;
  /** What it does to the number of rows. Absent: `any`. */
  rows?(node: Node): RowChange;
  /** It does nothing but drop rows of which this is not true. */
  condition?(node: Node): Expr;
  /** Whether it may run after what stands behind it, where neither touches what the other writes. Absent: no. */
  readonly canWait?: boolean;
  /** Columns that it defines or replaces; all others go through it. Absent: any. */
  writes?(node: Node): readonly string[] | undefined;
  /** Whether a column of this name is the input's column of that name. Absent: where it does not write it. */
  keeps?(node: Node, name: string): boolean;
  /** What it does to the columns of an event, for what an event must contain. Absent: nothing is known of any column. */
  carries?(node: Node): Carried | undefined;

  /** What more events can do to its rows and columns, or why they can take a row away again. Absent: they can. */
  grows?(node: Node, columns: Growths, growth: GrowthRules): Growths | string;
  /** Whether it gives no rows where its input has none. Absent: no. */
  keepsEmpty?(node: Node, staysEmpty: (plan: Pipeline) => boolean): boolean;
  /** Whether a leg of a union that has no rows may be left out although it goes through this. Absent: no. */
  readonly mayGoEmpty?: boolean;
  /** The `summarize` that gives the same rows: its groups can be kept as state. Absent: none. */
  asSummarize?(node: Node, schema: Schema): OpOf<'summarize'>;
  /** Columns that tell its rows apart; `all`: no two rows are equal. Absent: it does not group. */
  groupKeys?(node: Node): readonly string[] | 'all';
  /** Names of columns that tell the input's rows apart, in its output. Absent: they are lost, or rows are repeated. */
  followsKeys?(node: Node, keys: readonly string[]): readonly string[] | undefined;
  /** As `followsKeys`, of one that joins its input with another pipeline. `keys`: undefined where nothing tells the input's rows apart. */
  joinsKeys?(node: Node, keys: readonly string[] | undefined, sides: JoinedSides): readonly string[] | undefined;

  /** Regular expressions of which it looks for all matches in a text. Absent: none. */
  patterns?(node: Node): readonly string[];

  /** KQL, for people; empty: it is not shown. Absent: its name. */
  text?(node: Node, write: TextWriter): string;
  /** Where its columns come from. Absent: from the input, or it has made them. */
  origins?(node: Node): Origins;
  /** Whether it brings columns whose names are not written in it: those of another side, or of the data. Absent: no. */
  readonly bringsColumns?: boolean;
  /** Whether only the data says which columns it gives. Absent: no. */
  columnsOfData?(node: Node): boolean;
}

/** What a join stands between. */
export interface JoinedSides {
  /** Columns that tell the rows of a pipeline apart; undefined: only the whole row does, or nothing. */
  keysOf(plan: Pipeline): readonly string[] | undefined;
  /** Names of the right side's columns but those in `leftOut` in the join's output, by their own; undefined where data decides the columns. */
  rightNames(plan: Pipeline, leftOut: ReadonlySet<string>): ReadonlyMap<string, string> | undefined;
}

export type InnerRole = 'query' | 'leg' | 'right side' | 'for each element';

/** `fewer`: it filters. `more`: it repeats rows, and what it dropped could be told from what is kept of its input. */
export type RowChange = 'fewer' | 'same' | 'more' | 'any';

export interface Carried {
  /** Columns that no longer hold what the event says; the others do. */
  readonly written: readonly string[];
  /** Of those, columns whose text is a piece of a text of the input: their names, and the name of the column it is cut from. */
  readonly pieces?: ReadonlyMap<string, string>;
}

/** What more events can do to a column of a row that is there: `fixed` nothing, `growing` make it larger, `changing` anything. */
export type Growth = 'fixed' | 'growing' | 'changing';
export type Growths = ReadonlyMap<string, Growth>;

/** How growth goes through expressions and pipelines. */
export interface GrowthRules {
  of(exprs: readonly Expr[], columns: Growths): Growth;
  named(list: readonly NamedExpr[], columns: Growths): Growths;
  /** Whether a row of which the condition is true keeps being one. */
  staysTrue(cond: Expr, columns: Growths): boolean;
  /** Throws where more events can take rows of the pipeline away again. */
  pipeline(plan: Pipeline): Growths;
}

export interface Origins {
  /** What becomes of the input's columns that are not named here: `same`, `carried` (the same values, a row is another), `gone`. */
  readonly others: 'same' | 'carried' | 'gone';
  readonly columns: readonly Origin[];
  /** New names by old ones. */
  readonly renamed?: ReadonlyMap<string, string>;
}

/** Where one column comes from. Without `expr`: the operator makes it. */
export interface Origin {
  readonly name: string;
  readonly expr?: Expr;
  readonly role?: 'key' | 'aggregate';
  /** It is the input's column of that name, which only stays. */
  readonly stays?: boolean;
}

/** Writes parts of a plan as KQL. */
export interface TextWriter {
  expr(expr: Expr): string;
  name(name: string): string;
  /** A text as a string literal. */
  string(text: string): string;
  columns(list: readonly NamedExpr[]): string;
  sortKeys(by: readonly SortKey[]): string;
  aggregates(calls: readonly AggregateCall[]): string;
  pipeline(plan: Pipeline): string;
}

/** Facts of any node, what a definition leaves out filled in: see `factsOf`. */
export type AnyFacts = OperatorFacts<Op>;
