import { type Compiler, createCompiler, type TableDeclaration } from '../../src/compiler/compile';
import { createRuntime, jsonRows, parseDatetime, preparePipeline, type Runtime, visible } from '../../src/kql';

let compiler: Compiler | undefined;

export interface QueryResult {
  columns: { name: string; type: string }[];
  rows: unknown[][];
}

/** Runs a query without tables; throws with all its problems. */
export function queryTable(text: string, now = '2026-01-02T03:04:05Z'): QueryResult {
  compiler ??= testCompiler([]);
  return runQuery(compiler, text, { now });
}

export function runQuery(
  with_: Compiler,
  text: string,
  options: { now?: string; scan?: Runtime['scan'] } = {},
): QueryResult {
  const { plan, diagnostics } = with_.compile(text);
  if (!plan) throw new Error(diagnostics.map((d) => `${d.code} ${d.message} @${d.start}`).join('\n'));
  const ticks = parseDatetime(options.now ?? '2026-01-02T03:04:05Z');
  if (ticks === null) throw new Error('bad now');
  const table = visible(preparePipeline(plan).run(createRuntime({ now: ticks, scan: options.scan })));
  return { columns: table.schema.map(({ name, type }) => ({ name, type })), rows: jsonRows(table.schema, table.rows) };
}

export const testCompiler = (tables: readonly TableDeclaration[]): Compiler =>
  createCompiler(tables, undefined, undefined, { approximate: true });
