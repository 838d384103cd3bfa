import type { Expr, Pipeline } from '../kql';
import { translateScalar } from './expressions';
import { callFunction } from './functions';
import type { Node } from './kusto';
import { NOTHING } from './literals';
import { narrowOpen } from './narrow-open';
import type { Fault, QueryState } from './query-state';
import { Scope } from './scope';
import { emptyPlan } from './sources';
import { translateBlock } from './statements';
import { translateTable } from './table-expressions';
import { type ScalarRule, type Translated, type Translation, UNSUPPORTED } from './translation';

/** Deepest nesting of function calls and pipelines: a recursion in the query must not become one here. */
const MAX_DEPTH = 200;

/** The plan of a bound query. Problems are recorded in `state`. */
export function translateQuery(root: Node, state: QueryState): Pipeline {
  const plan = new Translator(state).block(root, new Scope(undefined, 0))?.plan ?? emptyPlan();
  state.completeSources();
  return state.faults.some(({ severity }) => severity !== 'warning') ? plan : narrowOpen(plan, state.added);
}

/** Holds nothing that changes: all that does is in `state`, which translators made with `withRule` share. */
class Translator implements Translation {
  constructor(
    readonly state: QueryState,
    private readonly rule?: ScalarRule,
  ) {}

  withRule(rule: ScalarRule): Translation {
    return new Translator(this.state, (t, node, scope) => rule(t, node, scope) ?? this.rule?.(t, node, scope));
  }

  table(node: Node, scope: Scope): Pipeline {
    return (
      this.nested(MAX_DEPTH, () => translateTable(this, node, scope)) ?? this.tooDeep('query', node, scope, emptyPlan())
    );
  }

  scalar(node: Node, scope: Scope): Expr {
    const translate = (): Expr => this.rule?.(this, node, scope) ?? translateScalar(this, node, scope);
    return this.nested(MAX_DEPTH * 2, translate) ?? this.tooDeep('expression', node, scope, NOTHING);
  }

  block(node: Node, scope: Scope): Translated | undefined {
    return translateBlock(this, node, scope);
  }

  call(node: Node, scope: Scope, input?: Pipeline): Translated | undefined {
    return callFunction(this, node, scope, input);
  }

  report(code: string, message: string, node: Node, scope: Scope): void {
    this.add({ code, message }, node, scope);
  }

  warn(code: string, message: string, node: Node, scope: Scope): void {
    this.add({ code, message, severity: 'warning' }, node, scope);
  }

  private add(fault: Pick<Fault, 'code' | 'message' | 'severity'>, node: Node, scope: Scope): void {
    this.state.add({ ...fault, start: scope.at(node), length: Math.max(1, node.Width) });
  }

  /** undefined where `work` is nested more deeply than `most`. */
  private nested<T>(most: number, work: () => T): T | undefined {
    if (this.state.depth >= most) return undefined;
    this.state.depth++;
    try {
      return work();
    } finally {
      this.state.depth--;
    }
  }

  private tooDeep<T>(what: string, node: Node, scope: Scope, instead: T): T {
    this.report(UNSUPPORTED, `the ${what} is nested too deeply`, node, scope);
    return instead;
  }
}
