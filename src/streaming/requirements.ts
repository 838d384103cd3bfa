import { type Expr, factsOf, type Op, type Schema } from '../kql';
import { conditionsOf } from './conditions';
import type { Branch } from './stream-plan';

/** What every event that comes through a branch must have; fits `prefilter`. */
export type EventRequirement =
  | { kind: 'table'; name: string }
  | { kind: 'number'; column: string; values: readonly number[] }
  | { kind: 'literal'; text: string; caseSensitive: boolean };

const CASE_SENSITIVE = new Set([
  '==',
  'has_cs',
  'contains_cs',
  'startswith_cs',
  'endswith_cs',
  'hasprefix_cs',
  'hassuffix_cs',
]);
const CASE_INSENSITIVE = new Set(['=~', 'has', 'contains', 'startswith', 'endswith', 'hasprefix', 'hassuffix']);

/**
 * Derives from the filters of a row stage what the event must contain. Only filters on the event's own columns count, or on text that
 * `parse` cut out of one. Leaving a requirement out is always safe.
 */
export function requirementsOf(branch: Branch): EventRequirement[] {
  const own = new OwnColumns(branch.columns);
  const requirements: EventRequirement[] = [{ kind: 'table', name: branch.table }];
  for (const op of branch.ops) {
    for (const cond of conditionsOf(op) ?? []) {
      const requirement = requirementOf(cond, own);
      if (requirement) requirements.push(requirement);
    }
    if (!own.follow(op)) break;
  }
  return requirements;
}

/** Columns that still hold, or are a piece of, what the event says under the name on the right. */
class OwnColumns {
  private readonly whole = new Map<string, string>();
  private readonly pieces = new Set<string>();
  private readonly types: ReadonlyMap<string, string>;

  constructor(columns: Schema) {
    this.types = new Map(columns.map(({ name, type }) => [name, type]));
    for (const { name, type } of columns) {
      this.whole.set(name, name);
      if (type === 'string') this.pieces.add(name);
    }
  }

  isPiece(name: string): boolean {
    return this.pieces.has(name);
  }

  /** The event's column of whole numbers that a column stands for. */
  number(name: string): string | undefined {
    const column = this.whole.get(name);
    const type = column === undefined ? undefined : this.types.get(column);
    return type === 'int' || type === 'long' ? column : undefined;
  }

  /** Follows names through an operator; false where they are lost. */
  follow(op: Op): boolean {
    const carried = factsOf(op).carries?.(op);
    if (!carried) return false;
    const cut = [...(carried.pieces ?? [])].filter(([, from]) => this.pieces.has(from));
    for (const name of carried.written) this.forget(name);
    for (const [name] of cut) this.pieces.add(name);
    return true;
  }

  private forget(name: string): void {
    this.whole.delete(name);
    this.pieces.delete(name);
  }
}

function requirementOf(cond: Expr, own: OwnColumns): EventRequirement | undefined {
  if (cond.k !== 'call') return undefined;
  const [left, right, ...more] = cond.args;
  if (left?.k !== 'col' || right?.k !== 'lit') return undefined;
  if (cond.fn === 'in' || cond.fn === '==') {
    const column = own.number(left.name);
    const values = [right, ...more].map((item) =>
      item.k === 'lit' && (item.t === 'long' || item.t === 'int') ? item.v : undefined,
    );
    if (column && values.every((value) => typeof value === 'number'))
      return { kind: 'number', column, values: values as number[] };
  }
  if (
    more.length > 0 ||
    right.t !== 'string' ||
    typeof right.v !== 'string' ||
    right.v === '' ||
    !own.isPiece(left.name)
  )
    return undefined;
  if (CASE_SENSITIVE.has(cond.fn)) return { kind: 'literal', text: right.v, caseSensitive: true };
  if (CASE_INSENSITIVE.has(cond.fn)) return { kind: 'literal', text: right.v, caseSensitive: false };
  return undefined;
}
