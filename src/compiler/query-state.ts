import { type Column, type Expr, INGESTION_COLUMN, type Pipeline, type Reference } from '../kql';
import type { EditedText } from './edited-text';
import type { TableDeclaration } from './kusto';
import type { OpenColumns } from './narrow-open';
import { openColumnType } from './open-columns';
import type { ReferenceData } from './reference-data';
import type { QueryStage } from './stages';
import { withoutAlias } from './time-alias';

/** A problem that the translation found. */
export interface Fault {
  readonly severity?: 'warning';
  readonly code: string;
  readonly message: string;
  readonly start: number;
  readonly length: number;
}

/** A window function met in an operator: it becomes a hidden column before the operator. */
export interface LiftedWindow {
  readonly name: string;
  readonly fn: string;
  readonly args: Expr[];
  readonly at: number;
}

/** What queries are translated against. */
export interface TranslationContext {
  readonly tables: ReadonlyMap<string, TableDeclaration>;
  readonly data: ReferenceData;
  /** `search` and `find` may leave out the tables, and look through all. */
  readonly everyTable?: boolean;
  /** Functions whose algorithm is not published are warned of; else they are refused. */
  readonly approximate?: boolean;
}

/** What is found out while one query is translated. All translators of the query share one. */
export class QueryState {
  readonly faults: Fault[] = [];
  /** Lists that the query was found to use. */
  readonly references: Reference[] = [];
  /** Every operator met, in the order of translation: what `stage` of a plan operator points to. */
  readonly stages: QueryStage[] = [];
  /** What `set name = value;` says, by name in lower case. */
  readonly options = new Map<string, Expr>();
  /** Columns that are read of open tables and declared nowhere. */
  readonly openColumns = new Set<string>();
  /** Window functions of the operator being translated. */
  windows: LiftedWindow[] = [];
  /** Whether the query uses ingestion_time(): its tables then carry the hidden column. */
  usesIngestion = false;
  /** Calls of `rand()` and `new_guid()` so far. */
  chances = 0;
  /** How deeply the part being translated is nested. */
  depth = 0;
  private readonly sources = new Map<string, Column[]>();
  private hidden = 0;

  constructor(
    readonly context: TranslationContext,
    readonly query: EditedText,
  ) {}

  /** A name for a column that no result shows. */
  hiddenName(): string {
    return `$${++this.hidden}`;
  }

  /** Whether the query, as far as it was translated, reads a table of the stream. */
  readsTables(): boolean {
    return this.sources.size > 0;
  }

  /** The rows of a table. Its columns are complete once `completeSources` was called. */
  source(name: string): Pipeline {
    const { columns: own, ops } = withoutAlias(this.context.tables.get(name)?.columns ?? []);
    const columns = this.sources.get(name) ?? own;
    this.sources.set(name, columns);
    return { source: { kind: 'table', name, columns }, ops };
  }

  /** The columns that `completeSources` has added. */
  get added(): OpenColumns {
    const { tables } = this.context;
    return {
      names: this.readsOpen() ? this.openColumns : new Set(),
      has: (table, column) =>
        tables.get(table)?.open === true && !tables.get(table)!.columns.some(({ name }) => name === column),
    };
  }

  private readsOpen(): boolean {
    return [...this.sources.keys()].some((name) => this.context.tables.get(name)?.open);
  }

  /** Adds the columns that only their use shows to the tables. To be called when all of the query is translated. */
  completeSources(): void {
    for (const [name, columns] of this.sources) {
      if (this.usesIngestion) columns.push({ name: INGESTION_COLUMN, type: 'datetime' });
      if (!this.context.tables.get(name)?.open) continue;
      for (const column of this.openColumns) {
        if (!columns.some((known) => known.name === column))
          columns.push({ name: column, type: openColumnType(column) });
      }
    }
  }

  add(fault: Fault): void {
    const isKnown = this.faults.some(({ start, message }) => start === fault.start && message === fault.message);
    if (!isKnown) this.faults.push(fault);
  }
}
