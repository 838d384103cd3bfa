import { WorkFault } from '../../src/board/source';
import type { CheckView, CompletionView, RunView } from '../../src/board/types';
import type { Compiler } from '../../src/compiler/compile';
import { createRuntime, jsonRows, KqlError, preparePipeline, ticksFromMs, visible } from '../../src/kql';
import { canonicalRows } from '../../src/streaming/canonical-order';
import type { WorkEvents } from './messages';
import { eventTables } from './work-events';

/** Rows that are shown of a result. */
const MOST_ROWS = 5_000;
/** Rows that a query may make on the way. */
const MOST_MADE = 2_000_000;
/** Longest query that is compiled, characters. */
const MOST_QUERY = 100_000;

/** Every problem of a query, and the columns of its result. */
export function checkQuery(compiler: Compiler, query: string): CheckView {
  if (query.length > MOST_QUERY) throw new WorkFault(`the query is longer than ${MOST_QUERY} characters`);
  if (query.trim() === '') return { problems: [], columns: [] };
  const { diagnostics, columns } = compiler.compile(query);
  return {
    problems: diagnostics.map((one) => ({ ...one })),
    columns: columns.map(({ name, type }) => ({ name, type })),
  };
}

export function completeQuery(compiler: Compiler, query: string, position: number): CompletionView {
  if (query.length > MOST_QUERY) return { from: position, items: [] };
  return compiler.complete(query, position);
}

/** Runs a query over events as one batch, as Log Analytics would. A query with errors is not run: its problems are the answer. */
export async function tryQuery(compiler: Compiler, query: string, given: WorkEvents): Promise<RunView> {
  const started = performance.now();
  const checked = checkQuery(compiler, query);
  const { plan } = compiler.compile(query);
  const read = await eventTables(given);
  const about = {
    events: read.events,
    tables: [...read.tables].map(([name, list]) => ({ name, events: list.length })).sort((a, b) => b.events - a.events),
    unread: [...read.unread].map(([reason, count]) => ({ reason, count })),
  };
  const ms = (): number => Math.round(performance.now() - started);
  if (!plan) return { ...checked, ...about, rows: [], count: 0, ms: ms() };
  try {
    const runtime = createRuntime({
      now: ticksFromMs(Date.now()),
      scan: (source) =>
        source.kind === 'table' ? canonicalRows(read.tables.get(source.name) ?? [], source.columns) : [],
      maxRows: MOST_MADE,
    });
    const { schema, rows } = visible(preparePipeline(plan).run(runtime));
    return {
      problems: checked.problems,
      columns: schema.map(({ name, type }) => ({ name, type })),
      rows: jsonRows(schema, rows.slice(0, MOST_ROWS)),
      count: rows.length,
      ...about,
      ms: ms(),
    };
  } catch (error) {
    if (error instanceof KqlError) throw new WorkFault(error.message);
    throw error;
  }
}
