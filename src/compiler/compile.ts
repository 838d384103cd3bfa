import { KqlError } from '../kql/errors';
import type { Pipeline } from '../kql/ir';
import { preparePipeline } from '../kql/pipeline';
import { type Reference, uniqueReferences } from '../kql/references';
import type { Column } from '../kql/values/types';
import { withAdvice } from './advice';
import { type Completion, completionsAt } from './completion';
import { withoutBrokenLegs } from './fuzzy';
import {
  analyze,
  createDatabase,
  type Diagnostic,
  type FunctionDeclaration,
  scalarType,
  type TableDeclaration,
} from './kusto';
import { analyzeMended } from './slips';
import type { QueryStage } from './stages';
import type { ReferenceData } from './translation';
import { Translator } from './translator';
import { writeOutViews } from './wildcards';

export type { Diagnostic, FunctionDeclaration, TableDeclaration } from './kusto';
export type { QueryStage, QueryText } from './stages';
export type { ListContent, ListFault, ReferenceData, Watchlist } from './translation';

export interface CompiledQuery {
  /** Absent where there are errors. */
  readonly plan?: Pipeline;
  /** Result columns as Microsoft's binder names them; may lack those that only data decides. */
  readonly columns: readonly Column[];
  /** The operators as they were written; `stage` of a plan operator is an index of it. */
  readonly stages: readonly QueryStage[];
  /** Lists whose rows the plan holds. */
  readonly references: readonly Reference[];
  /** Every problem, in the order of the text. Codes: KS… are Kusto's, others ours. */
  readonly diagnostics: readonly Diagnostic[];
}

export interface Compiler {
  /** Compiles one query. Never throws for what stands in the query. */
  compile(text: string): CompiledQuery;
  /** What may stand at a place of a query (an offset, UTF-16 units). */
  complete(text: string, position: number): Completion;
}

export interface CompilerOptions {
  /** `search` and `find` may leave out the tables, and look through all. */
  readonly everyTable?: boolean;
}

const NO_DATA: ReferenceData = { external: () => undefined, watchlists: new Map() };

/** A compiler for queries over these tables and saved functions. Loading the parser takes seconds: make one and keep it. */
export function createCompiler(
  tables: readonly TableDeclaration[],
  functions: readonly FunctionDeclaration[] = [],
  data: ReferenceData = NO_DATA,
  options: CompilerOptions = {},
): Compiler {
  const database = createDatabase(tables, functions, data.watchlists);
  const byName = new Map(tables.map((table) => [table.name, table]));
  return {
    compile: (text) => compileQuery(text, database, byName, data, options),
    complete: (text, position) => completionsAt(text, position, database),
  };
}

function compileQuery(
  source: string,
  database: unknown,
  tables: ReadonlyMap<string, TableDeclaration>,
  data: ReferenceData,
  options: CompilerOptions,
): CompiledQuery {
  const mended = analyzeMended(source, (each) => analyze(each, database));
  const full = writeOutViews(mended.text, mended.analysis.root, tables.keys());
  const text = full?.text ?? mended.text;
  const bound = full ? analyze(text, database) : mended.analysis;
  const written = (offset: number): number => mended.written(full ? full.at(offset) : offset);
  const found = withAdvice(text, bound.diagnostics, tables);
  const fuzzy = withoutBrokenLegs(text, bound.root, found);
  const analysis = fuzzy ? analyze(fuzzy.text, database) : bound;
  const diagnostics: Diagnostic[] = [
    ...mended.slips,
    ...(fuzzy ? [...withAdvice(fuzzy.text, analysis.diagnostics, tables), ...fuzzy.warnings] : found).map((each) => ({
      ...each,
      start: written(each.start),
    })),
  ].sort((a, b) => a.start - b.start);
  const columns = analysis.columns.map(({ name, type }) => ({ name, type: scalarType(type) ?? 'dynamic' }));
  if (!analysis.isQuery) {
    diagnostics.push({
      code: 'unsupported',
      severity: 'error',
      message: 'a rule holds a query, not a management command',
      start: 0,
      length: 1,
    });
    return { columns, stages: [], references: [], diagnostics };
  }
  if (!analysis.isBound) return { columns, stages: [], references: [], diagnostics };
  const translator = new Translator(tables, data, text, options.everyTable);
  const plan = translator.query(analysis.root);
  const references = uniqueReferences(translator.references);
  const stages = translator.stages.map((stage) => ({ ...stage, start: written(stage.start) }));
  for (const found of translator.faults) {
    const fault = { ...found, start: written(found.start) };
    // Where the binder has an error at the same place, ours is its echo.
    const echo = diagnostics.some(
      (d) => d.severity === 'error' && d.start < fault.start + fault.length && fault.start < d.start + d.length,
    );
    if (!echo) diagnostics.push({ severity: 'error', ...fault });
  }
  if (!diagnostics.some((d) => d.severity === 'error')) {
    try {
      preparePipeline(plan);
      diagnostics.sort((a, b) => a.start - b.start);
      return { plan, columns, stages, references, diagnostics };
    } catch (error) {
      if (!(error instanceof KqlError)) throw error;
      diagnostics.push({
        code: error.kind,
        severity: 'error',
        message: error.message,
        start: error.at ?? 0,
        length: error.length ?? 1,
      });
    }
  }
  return { columns, stages, references, diagnostics: diagnostics.sort((a, b) => a.start - b.start) };
}
