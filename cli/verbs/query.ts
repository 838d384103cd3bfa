import { readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { Command } from 'commander';
import {
  type CompiledQuery,
  createCompiler,
  type ReferenceData,
  type TableDeclaration,
} from '../../src/compiler/compile';
import { KqlError } from '../../src/kql';
import { loadTables } from '../../src/tables';
import { note, print, printJson, UsageError } from '../io/output';
import { tablesFolder } from '../io/paths';
import { type RangeFlags, rangeOf } from '../io/sources';
import { textTable } from '../io/text-table';
import { type Answer, runQuery } from '../offline/run-query';
import { openTableFile, type TableFile } from '../offline/table-files';
import { unreadLines } from '../offline/unread';
import { type ListFlags, listOptions, openLists } from '../offline/workspace';

interface Flags extends ListFlags, RangeFlags {
  readonly batch?: boolean;
  readonly json?: boolean;
  readonly table?: readonly string[];
  readonly file?: string;
  readonly approximate?: boolean;
}

type Compile = (text: string) => Promise<CompiledQuery>;

/** A compiler that gets the lists of a query when it turns out to need them. */
function compilerOf(
  files: ReadonlyMap<string, TableFile>,
  schemas: ReadonlyMap<string, TableDeclaration>,
  flags: Flags,
): Compile {
  const given = [...files.values()].map((file) => file.declaration);
  const others = [...schemas.values()].filter(({ name }) => !files.has(name));
  const lists = openLists(flags);
  const missing = new Set<string>();
  const data: ReferenceData = {
    external(url) {
      const content = lists.get(url);
      if (content === undefined) missing.add(url);
      return content;
    },
    watchlists: new Map(),
  };
  // Whoever asks once sees the warning; a rule that runs unseen must say that it takes such functions.
  const options = { everyTable: true, approximate: true };
  const overGiven = createCompiler(given, [], data, options);
  const overAll = createCompiler([...given, ...others], [], data, options);
  // Tables without rows are only there where a query names them: `union *` and `search` look at those that have some.
  const compile = (text: string): CompiledQuery => {
    const compiled = overGiven.compile(text);
    return compiled.plan || missing.size > 0 ? compiled : overAll.compile(text);
  };
  return async (text) => {
    missing.clear();
    const first = compile(text);
    if (missing.size === 0) return first;
    await lists.load([...missing]);
    missing.clear();
    return compile(text);
  };
}

/**
 * Compiles and runs one query. `warn` gets what may differ from Kusto's answer, `onRead` what could not be read of the files. Throws KqlError with every problem, each with line
 * and column.
 */
async function answer(
  compile: Compile,
  text: string,
  tables: ReadonlyMap<string, TableFile>,
  warn: (warning: string) => void,
  onRead: (text: string) => void,
): Promise<Answer> {
  const { plan, diagnostics } = await compile(text);
  if (!plan) {
    const errors = diagnostics.filter((d) => d.severity === 'error');
    throw new KqlError('invalid', errors.map((d) => `${place(text, d.start)}: ${d.message} [${d.code}]`).join('\n'));
  }
  for (const { code, message, start } of diagnostics)
    if (code === 'approximate') warn(`warning: ${place(text, start)}: ${message}`);
  return runQuery(plan, tables, ({ file, unread, others }) => {
    for (const line of unreadLines(file, unread)) onRead(line);
    if (others.length > 0)
      onRead(`${file}: none of its records is of the table asked for; they are of ${others.join(', ')}`);
  });
}

function place(text: string, offset: number): string {
  const before = text.slice(0, offset);
  return `${before.split('\n').length}:${offset - before.lastIndexOf('\n')}`;
}

async function batch(
  compile: Compile,
  tables: ReadonlyMap<string, TableFile>,
  warn: (text: string) => void,
): Promise<void> {
  // Files are read once: what was said of them is not said again for each query.
  const said = new Set<string>();
  const onRead = (text: string): void => {
    if (!said.has(text)) note(text);
    said.add(text);
  };
  for await (const line of createInterface({ input: process.stdin })) {
    if (line.trim() === '') continue;
    let id: unknown = null;
    let reply: object;
    try {
      const request = JSON.parse(line) as { id: unknown; query: string };
      id = request.id;
      const about = (text: string): void => warn(`${JSON.stringify(id)}: ${text}`);
      reply = await answer(compile, request.query, tables, about, onRead);
    } catch (error) {
      reply = { error: { message: error instanceof Error ? error.message : String(error) } };
    }
    printJson({ id, ...reply });
  }
}

async function query(kql: string | undefined, flags: Flags): Promise<void> {
  const schemas = loadTables(tablesFolder());
  const files = new Map<string, TableFile>();
  const range = rangeOf(flags);
  for (const argument of flags.table ?? []) {
    const file = await openTableFile(argument, flags.batch === true, schemas, range);
    files.set(file.declaration.name, file);
  }
  const compile = compilerOf(files, schemas, flags);
  const warn = flags.approximate ? (): void => undefined : note;
  if (flags.batch) return batch(compile, files, warn);
  const text = flags.file === undefined ? kql : readFileSync(flags.file, 'utf8');
  if (text === undefined) throw new UsageError('give a query, or --file, or --batch');
  const result = await answer(compile, text, files, warn, note);
  if (flags.json) return printJson(result);
  if (result.rows.length > 0)
    print(
      textTable(
        result.columns.map((column) => column.name),
        result.rows,
      ),
    );
  note(result.rows.length === 1 ? '1 row' : `${result.rows.length} rows`);
}

export const queryVerb = (): Command =>
  listOptions(
    new Command('query')
      .description('Runs a KQL query over nothing or over tables read from files.')
      .argument('[KQL]', 'the query')
      .option('--file <FILE>', 'read the query from a file')
      .option(
        '--table <NAME=FILE...>',
        'events of a table: NDJSON, JSON, XML, EVTX or Capture (.avro), plain or .gz, or all blobs of https://ACCOUNT.blob.core.windows.net/CONTAINER/PREFIX',
      )
      .option('--from <TIME>', 'blobs and captured messages from this time on')
      .option('--to <TIME>', 'blobs and captured messages before this time')
      .option('--approximate', 'do not warn of functions whose algorithm is not published, such as series_outliers')
      .option('--batch', 'answer lines {"id","query"} of standard input, one JSON line each')
      .option('--json', 'print {"columns","rows"} as JSON'),
  )
    .addHelpText(
      'after',
      `
Examples:
  outrider query 'print strlen("abc")'
  outrider query 'Event | summarize count() by EventID | top 5 by count_' --table Event=events.ndjson
  outrider query --file hunt.kql --table Event=events.ndjson.gz --json
  zcat events.ndjson.gz | outrider query 'Event | count' --table Event=-
  outrider query --approximate 'print series_outliers(dynamic([1, 2, 1, 9, 2, 1]))'

Tables are read in one pass, and no more is held than the query asks for: rows that its first operators leave, or their groups. A file of a
table without a schema is read once before, for its columns. What could not be read of a file is said on standard error.`,
    )
    .action(query);
