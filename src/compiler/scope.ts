import type { Expr, Pipeline } from '../kql';
import type { Node } from './kusto';

/** What a name of a `let`, a parameter or `as` stands for. */
export type Binding =
  | { readonly kind: 'scalar'; readonly expr: Expr }
  | { readonly kind: 'table'; readonly plan: Pipeline }
  | { readonly kind: 'function'; readonly declaration: Node; readonly scope: Scope }
  | { readonly kind: 'pattern'; readonly matches: readonly Node[]; readonly scope: Scope };

/**
 * Names in force at a place of the query. `base` is added to a node's offset to find its place in the query text: the body of a
 * called function is a tree of its own that starts at 0.
 */
export class Scope {
  private readonly names = new Map<string, Binding>();

  constructor(
    readonly parent: Scope | undefined,
    readonly base: number,
    /** Set inside a saved function: where it was called from; its own text has no place in the query. */
    readonly calledAt?: number,
  ) {}

  define(name: string, binding: Binding): void {
    this.names.set(name, binding);
  }

  find(name: string): Binding | undefined {
    return this.names.get(name) ?? this.parent?.find(name);
  }

  /** Names in force of views: what `search` looks at beside tables. */
  views(): string[] {
    const own = [...this.names].filter(([, binding]) => binding.kind === 'function' && binding.declaration.ViewKeyword);
    return [...new Set([...(this.parent?.views() ?? []), ...own.map(([name]) => name)])];
  }

  /** Whether nodes of this scope stand in the text of a saved function, not in the query. */
  isElsewhere(): boolean {
    return this.calledAt !== undefined;
  }

  at(node: Node): number {
    return this.calledAt ?? this.base + node.TextStart;
  }
}
