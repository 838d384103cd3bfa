import { type Column, KqlError, type Pipeline, preparePipeline, type Reference, uniqueReferences } from '../kql';
import { withAdvice } from './advice';
import type { Diagnostic } from './diagnostic';
import { EditedText } from './edited-text';
import { withoutBrokenLegs } from './fuzzy';
import { withoutHints } from './hints';
import {
  type Analysis,
  bind,
  type Completion,
  completionsAt,
  createDatabase,
  type Database,
  type FunctionDeclaration,
  parse,
  scalarType,
  type TableDeclaration,
} from './kusto';
import { QueryState, type TranslationContext } from './query-state';
import type { ReferenceData } from './reference-data';
import { mendSlips } from './slips';
import type { QueryStage } from './stages';
import { translateQuery } from './translator';
import { writeOutViews } from './wildcards';

export type { Diagnostic } from './diagnostic';
export type { FunctionDeclaration, TableDeclaration } from './kusto';
export type { ListContent, ListFault, ReferenceData, Watchlist } from './reference-data';
export type { QueryStage, QueryText } from './stages';

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

/** What may be done with a query. */
export interface QueryOptions {
  /** Functions whose algorithm is not published are warned of; else they are refused. */
  readonly approximate?: boolean;
}

export interface Compiler {
  /** Compiles one query. Never throws for what stands in the query. */
  compile(text: string, options?: QueryOptions): CompiledQuery;
  /** What may stand at a place of a query (an offset, UTF-16 units). */
  complete(text: string, position: number): Completion;
}

export interface CompilerOptions extends QueryOptions {
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
  const saved = functions.map((each) => ({ ...each, body: withoutHints(EditedText.of(each.body)).text }));
  const database = createDatabase(tables, saved, data.watchlists);
  const byName = new Map(tables.map((table) => [table.name, table]));
  const context: TranslationContext = { tables: byName, data, ...options };
  return {
    compile: (text, own) => compileQuery(text, database, { ...context, ...own }),
    complete: (text, position) => completionsAt(text, position, database),
  };
}

interface Bound {
  /** The text that the tree is of. */
  readonly edited: EditedText;
  readonly analysis: Analysis;
  /** At their places in the text as it was written. */
  readonly diagnostics: Diagnostic[];
}

/**
 * Parses and binds a query. It is parsed again after each slip that is mended and after wildcards for views are written out, and bound once
 * all that is done; only where legs of a fuzzy union cannot be bound, it is bound again without them.
 */
function bindQuery(
  source: string,
  database: Database,
  tables: ReadonlyMap<string, TableDeclaration>,
): Bound | { readonly diagnostics: Diagnostic[] } {
  const { edited: mended, parsed, slips } = mendSlips(source, (text) => parse(text, database));
  if (!parsed.isQuery) {
    const message = 'a rule holds a query, not a management command';
    const found = withAdvice(mended.text, parsed.diagnostics, tables).map((each) => ({
      ...each,
      ...mended.spanOf(each),
    }));
    const refused: Diagnostic = { code: 'unsupported', severity: 'error', message, start: 0, length: 1 };
    return { diagnostics: [...inOrder([...slips, ...found]), refused] };
  }
  const full = writeOutViews(mended, parsed.root, tables.keys());
  const bound = bind(full === mended ? parsed : parse(full.text, database), database);
  const found = withAdvice(full.text, bound.diagnostics, tables);
  const fuzzy = withoutBrokenLegs(full, bound.root, found);
  const edited = fuzzy?.edited ?? full;
  const analysis = fuzzy ? bind(parse(edited.text, database), database) : bound;
  const rest = fuzzy ? [...withAdvice(edited.text, analysis.diagnostics, tables), ...fuzzy.warnings] : found;
  const diagnostics = [...slips, ...rest.map((each) => ({ ...each, ...edited.spanOf(each) }))];
  return { edited, analysis, diagnostics: inOrder(diagnostics) };
}

const inOrder = (diagnostics: Diagnostic[]): Diagnostic[] => diagnostics.sort((a, b) => a.start - b.start);

const isError = ({ severity }: Diagnostic): boolean => severity === 'error';

function compileQuery(source: string, database: Database, context: TranslationContext): CompiledQuery {
  const bound = bindQuery(source, database, context.tables);
  const { diagnostics } = bound;
  if (!('analysis' in bound)) return { columns: [], stages: [], references: [], diagnostics };
  const { analysis, edited } = bound;
  const columns = analysis.columns.map(({ name, type }) => ({ name, type: scalarType(type) ?? 'dynamic' }));
  if (!analysis.isBound) return { columns, stages: [], references: [], diagnostics };
  const state = new QueryState(context, edited);
  const plan = translateQuery(analysis.root, state);
  const { stages } = state;
  const references = uniqueReferences(state.references);
  for (const found of state.faults) {
    const fault = { ...found, ...edited.spanOf(found) };
    // Where the binder reports an error at the same place, ours says the same thing again.
    const echo = diagnostics.some(
      (d) => isError(d) && d.start < fault.start + fault.length && fault.start < d.start + d.length,
    );
    if (!echo) diagnostics.push({ severity: 'error', ...fault });
  }
  const fault = diagnostics.some(isError) ? undefined : faultOf(plan);
  if (fault) diagnostics.push({ ...fault, ...edited.spanOf(fault) });
  inOrder(diagnostics);
  return diagnostics.some(isError)
    ? { columns, stages, references, diagnostics }
    : { plan, columns, stages, references, diagnostics };
}

/** What only shows when the types of all columns are known. */
function faultOf(plan: Pipeline): Diagnostic | undefined {
  try {
    preparePipeline(plan);
    return undefined;
  } catch (error) {
    if (!(error instanceof KqlError)) throw error;
    const { kind: code, message, at = 0, length = 1 } = error;
    return { code, severity: 'error', message, start: at, length };
  }
}
