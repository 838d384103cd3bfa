import type { Column, Expr, Pipeline } from '../kql';
import type { Node } from './kusto';
import type { QueryState } from './query-state';
import type { Scope } from './scope';

/** What a function body or a name stands for: a table or a scalar. With neither, a problem was reported. */
export interface Translated {
  readonly plan?: Pipeline;
  readonly expr?: Expr;
}

/** Translates some expressions in another way, as in the steps of a scan; undefined: as everywhere. `t` translates their parts. */
export type ScalarRule = (t: Translation, node: Node, scope: Scope) => Expr | undefined;

/** The work of turning one query into a plan: what the translators of expressions and operators share. */
export interface Translation {
  readonly state: QueryState;
  scalar(node: Node, scope: Scope): Expr;
  table(node: Node, scope: Scope): Pipeline;
  /** Statements of a query or of a function's body; the last expression is the result. undefined: there is none. */
  block(node: Node, scope: Scope): Translated | undefined;
  /** Calls a `let` or saved function. `input`: the piped table of `invoke`. undefined: no such function. */
  call(node: Node, scope: Scope, input?: Pipeline): Translated | undefined;
  /** Records a problem and goes on, so that one run names them all. */
  report(code: string, message: string, node: Node, scope: Scope): void;
  /** As `report`, of what a rule may do all the same. */
  warn(code: string, message: string, node: Node, scope: Scope): void;
  /** The same work on the same state, in which a rule for expressions comes first. */
  withRule(rule: ScalarRule): Translation;
}

/** One of the tables that a `union`, `search` or `find` names. */
export interface UnionMember {
  readonly plan: Pipeline;
  readonly name: string | undefined;
  /** As the binder knows them. */
  readonly columns: readonly Column[];
}

/** Codes of our own problems; Kusto's are KS…. */
export const UNSUPPORTED = 'unsupported';
export const INVALID = 'invalid';
/** Of a function whose algorithm is not published. */
export const APPROXIMATE = 'approximate';

/** What to do about a name that is no table and no function. */
export const unknownSource = (name: string): string =>
  `'${name}' is not known: put a saved function (a parser, say) at rules/functions/${name}.kql, or the schema of a table at tables/${name}.json`;
