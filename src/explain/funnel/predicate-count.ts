import {
  type Expr,
  jsonCell,
  type PreparedExpr,
  prepareExpr,
  type Row,
  type Runtime,
  readBy,
  type Schema,
} from '../../kql';
import { literalTests } from '../page/literal-tests';
import { type Difference, NearestValues, type NearValue, ValueCounts } from './nearest';

/** An event that failed one predicate of a rule and no other. */
export interface NearMiss {
  /** As the event says it. */
  readonly time: string;
  readonly computer: string;
  /** Columns that the predicate reads. */
  readonly values: Readonly<Record<string, string>>;
  readonly difference?: Difference;
}

export interface PredicateCount {
  /** `4.1` */
  readonly number: string;
  readonly text: string;
  /** Rows that came so far, and those of them that went on. */
  readonly reached: number;
  readonly passed: number;
  /** Values of rows that came so far and did not go on: the nearest to what is looked for, or the most frequent. */
  readonly nearest: readonly NearValue[];
  /** Events that fail this predicate and no other. */
  readonly onlyMiss: number;
  readonly misses: readonly NearMiss[];
}

const MOST_MISSES = 5;
const MOST_NEAR = 3;
const STRINGS = new Set(['eq', 'startswith', 'endswith', 'has', 'contains', 'hasprefix', 'hassuffix']);

/** One predicate of a filter and what it did. */
export class PredicateCounter {
  private reached = 0;
  private passed = 0;
  private onlyMiss = 0;
  private misses: { similarity: number; miss: NearMiss }[] = [];
  private readonly prepared: PreparedExpr;
  private readonly columns: readonly { name: string; index: number }[];
  /** The column whose values are compared with literals. */
  private readonly compared: number;
  private readonly near: NearestValues | undefined;
  private readonly counts = new ValueCounts();

  /** Throws KqlError where the predicate does not fit the schema. */
  constructor(
    readonly number: string,
    readonly text: string,
    expr: Expr,
    private readonly schema: Schema,
  ) {
    this.prepared = prepareExpr(expr, schema);
    const read = readBy(expr);
    this.columns = schema
      .map(({ name }, index) => ({ name, index }))
      .filter(({ name }) => read !== 'all' && read.has(name))
      .slice(0, 8);
    const test = literalTests(expr).find(
      ({ negated, kind, field }) =>
        !negated && STRINGS.has(kind) && schema.some(({ name, type }) => name === field && type === 'string'),
    );
    this.compared = test ? schema.findIndex(({ name }) => name === test.field) : (this.columns[0]?.index ?? -1);
    if (test) this.near = new NearestValues(test.values, !test.caseSensitive);
  }

  holds(row: Row, runtime: Runtime): boolean {
    return this.prepared.eval(row, runtime) === true;
  }

  count(row: Row, holds: boolean): void {
    this.reached++;
    if (holds) this.passed++;
    else if (this.compared >= 0) (this.near ?? this.counts).add(this.cell(row, this.compared));
  }

  /** The values that the predicate looked at, for an event that fails nothing else. */
  valuesOf(row: Row): { values: Record<string, string>; compared: string } {
    const values = Object.fromEntries(
      this.columns.map(({ name, index }) => [name, this.cell(row, index).slice(0, 1_024)]),
    );
    return { values, compared: this.compared < 0 ? '' : this.cell(row, this.compared) };
  }

  miss(
    time: string,
    computer: string,
    { values, compared }: { values: Record<string, string>; compared: string },
  ): void {
    this.onlyMiss++;
    const similarity = this.near?.similarity(compared) ?? 0;
    if (this.misses.length === MOST_MISSES && similarity <= this.misses.at(-1)!.similarity) return;
    const miss: NearMiss = {
      time,
      computer,
      values,
      ...(this.near ? { difference: this.near.difference(compared) } : {}),
    };
    this.misses.push({ similarity, miss });
    this.misses.sort((a, b) => b.similarity - a.similarity);
    this.misses.length = Math.min(this.misses.length, MOST_MISSES);
  }

  result(): PredicateCount {
    const { number, text, reached, passed, onlyMiss } = this;
    const nearest = (this.near ?? this.counts).top(MOST_NEAR);
    return { number, text, reached, passed, nearest, onlyMiss, misses: this.misses.map(({ miss }) => miss) };
  }

  private cell(row: Row, index: number): string {
    const value = jsonCell(row[index] ?? null, this.schema[index]!.type);
    return value === null ? 'null' : typeof value === 'object' ? JSON.stringify(value) : String(value);
  }
}
