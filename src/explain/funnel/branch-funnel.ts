import {
  createRuntime,
  KqlError,
  type Op,
  type PreparedOperator,
  prepareOperator,
  type Row,
  type Schema,
} from '../../kql';
import { conditionsOf } from '../../streaming/conditions';
import { type Fields, type RowReader, rowReader } from '../../streaming/source-row';
import type { Branch } from '../../streaming/stream-plan';
import { type PredicateCount, PredicateCounter } from './predicate-count';

export interface StageCount {
  readonly number: string;
  readonly kind: string;
  readonly text: string;
  /** Rows after it. */
  readonly rows: number;
  readonly predicates: readonly PredicateCount[];
}

/** How a stage and its predicates are shown. */
export interface StageLabel {
  readonly number: string;
  readonly kind: string;
  readonly text: string;
  /** Text of one of its predicates. */
  predicate(index: number): { number: string; text: string };
}

interface Step {
  readonly label: StageLabel;
  readonly prepared?: PreparedOperator;
  readonly predicates: readonly PredicateCounter[];
  rows: number;
}

/** A row on its way; `failed`: the one predicate that it did not fulfil. */
interface Walker {
  readonly row: Row;
  readonly failed?: PredicateCounter;
  readonly values?: ReturnType<PredicateCounter['valuesOf']>;
}

/** Rows that one event may become. */
const MOST_ROWS = 1_000;

/** Follows every event of a table through the stages that run on arrival, and those that fail once a little further. */
export class BranchFunnel {
  private events = 0;
  private failures = 0;
  private readonly steps: readonly Step[];
  private readonly read: RowReader;
  private readonly runtime = createRuntime({ now: 0n });

  /** Throws KqlError where the plan does not fit this engine. */
  constructor(
    readonly branch: Branch,
    label: (op: Op) => StageLabel,
  ) {
    this.read = rowReader(branch.columns);
    let schema: Schema = branch.columns;
    this.steps = branch.ops.map((op): Step => {
      const shown = label(op);
      const conditions = conditionsOf(op);
      if (conditions) {
        const predicates = conditions.map((cond, i) => {
          const { number, text } = shown.predicate(i);
          return new PredicateCounter(number, text, cond, schema);
        });
        return { label: shown, predicates, rows: 0 };
      }
      const prepared = prepareOperator(op, schema);
      if (prepared.kind !== 'dataBound') schema = prepared.schema;
      return { label: shown, prepared, predicates: [], rows: 0 };
    });
  }

  /** @param ingestion when the event was taken in, ticks */
  add(fields: Fields, ingestion: bigint): void {
    this.events++;
    try {
      this.walk(fields, this.read(fields, ingestion));
    } catch (error) {
      if (!(error instanceof KqlError)) throw error;
      this.failures++;
    }
  }

  private walk(fields: Fields, source: Row): void {
    let walkers: Walker[] = [{ row: source }];
    for (const step of this.steps) {
      walkers = step.prepared ? this.through(step.prepared, walkers) : this.filtered(step, walkers);
      for (const { failed } of walkers) if (!failed) step.rows++;
      if (walkers.length === 0) return;
    }
    // An event that became many rows is one miss.
    const missed = new Set<PredicateCounter>();
    if (walkers.some(({ failed }) => !failed)) return;
    for (const { failed, values } of walkers) {
      if (!failed || missed.has(failed)) continue;
      missed.add(failed);
      failed.miss(text(fields.TimeGenerated), text(fields.Computer ?? fields.DeviceName), values!);
    }
  }

  private through(prepared: PreparedOperator, walkers: readonly Walker[]): Walker[] {
    if (prepared.kind === 'row') {
      return walkers.flatMap((walker) => {
        const row = prepared.map(walker.row, this.runtime);
        return row ? [{ ...walker, row }] : [];
      });
    }
    if (prepared.kind !== 'expand') return [...walkers];
    return walkers
      .flatMap((walker) => prepared.expand(walker.row, this.runtime).map((row) => ({ ...walker, row })))
      .slice(0, MOST_ROWS);
  }

  private filtered({ predicates }: Step, walkers: readonly Walker[]): Walker[] {
    return walkers.flatMap((walker): Walker[] => {
      let { failed, values } = walker;
      for (const predicate of predicates) {
        const holds = predicate.holds(walker.row, this.runtime);
        if (!failed) predicate.count(walker.row, holds);
        if (holds) continue;
        if (failed) return [];
        failed = predicate;
        values = predicate.valuesOf(walker.row);
      }
      return [failed ? { row: walker.row, failed, values } : walker];
    });
  }

  result(): { table: string; events: number; failures: number; stages: StageCount[] } {
    return {
      table: this.branch.table,
      events: this.events,
      failures: this.failures,
      stages: this.steps.map(({ label, predicates, rows }) => ({
        number: label.number,
        kind: label.kind,
        text: label.text,
        rows,
        predicates: predicates.map((predicate) => predicate.result()),
      })),
    };
  }
}

const text = (value: unknown): string => (typeof value === 'string' ? value.slice(0, 256) : '');
