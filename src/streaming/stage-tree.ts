import {
  type Column,
  expressionsOf,
  type Op,
  prepareOperator,
  type Row,
  type Runtime,
  readByAll,
  type Schema,
} from '../kql';
import type { SharedStep } from './shared-steps';

/** A step, and the steps that may follow it. */
export interface StepNode<E> {
  /** Columns of rows after the step: those of the source first. */
  readonly schema: Schema;
  /** Source columns that the step reads, by position. */
  readonly reads: readonly number[];
  readonly map: (row: Row, runtime: Runtime) => Row | null;
  readonly children: readonly StepNode<E>[];
  readonly parent: StepNode<E> | undefined;
  /** For whoever visits some nodes only. */
  mark: number;
  readonly ends: E[];
  /** The ends of this node and of all nodes below it. */
  allEnds(): E[];
}

class Node<E> implements StepNode<E> {
  readonly children: Node<E>[] = [];
  readonly ends: E[] = [];
  readonly byKey = new Map<string, Node<E>>();
  mark = 0;

  constructor(
    readonly schema: Schema,
    readonly reads: readonly number[],
    readonly map: StepNode<E>['map'],
    readonly parent: StepNode<E> | undefined,
  ) {}

  allEnds(): E[] {
    return [...this.ends, ...this.children.flatMap((child) => child.allEnds())];
  }
}

/** Chains of steps as a tree: steps that several chains begin with are in it once. */
export class StageTree<E> {
  readonly root: StepNode<E>;
  private readonly top: Node<E>;

  constructor(private readonly columns: readonly Column[]) {
    this.top = new Node(columns, [], (row) => row, undefined);
    this.root = this.top;
  }

  /** The node at the end of a chain of steps; makes the nodes that are missing. Throws KqlError where a step cannot be prepared. */
  follow(steps: readonly SharedStep[]): StepNode<E> {
    let node = this.top;
    for (const { key, op } of steps) {
      let next = node.byKey.get(key);
      if (!next) {
        next = this.make(op, node);
        node.byKey.set(key, next);
        node.children.push(next);
      }
      node = next;
    }
    return node;
  }

  private make(op: Op, parent: Node<E>): Node<E> {
    const prepared = prepareOperator(op, parent.schema);
    if (prepared.kind !== 'row') throw new Error(`'${op.op}' is no operator on one row`);
    const names = readByAll(expressionsOf(op));
    const reads = this.columns.flatMap(({ name }, slot) => (names === 'all' || names.has(name) ? [slot] : []));
    return new Node(prepared.schema, reads, prepared.map, parent);
  }
}
