import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { z } from 'zod';
import { type Column, SCALAR_TYPES, type ScalarType } from './kql';

/** A table of the stream. Open: it may have columns that are not named here. */
export interface TableSchema {
  readonly name: string;
  readonly open: boolean;
  readonly columns: readonly Column[];
}

/** One or more schema files are wrong; the message names each file and what is wrong in it, one a line. */
export class TableFileError extends Error {
  constructor(readonly problems: readonly string[]) {
    super(problems.join('\n'));
    this.name = 'TableFileError';
  }
}

const NAME = /^[A-Za-z][A-Za-z0-9_]{0,127}$/;

const tableFile = z.strictObject({
  name: z.string().regex(NAME, 'a table name has letters, digits and _'),
  open: z.boolean().default(false),
  // Column by column below: there are 20,000 of them.
  columns: z.custom<Record<string, unknown>>(
    (value) => typeof value === 'object' && value !== null && !Array.isArray(value),
    'names and types of the columns',
  ),
});

const COLUMN_NAME = /^[A-Za-z_][A-Za-z0-9_]{0,127}$/;
const TYPES: ReadonlySet<unknown> = new Set(SCALAR_TYPES);

/**
 * Columns that every table of a workspace has, whether its file names them or not.
 * https://learn.microsoft.com/azure/azure-monitor/logs/log-standard-columns
 */
const STANDARD_COLUMNS: readonly Column[] = [
  { name: 'TenantId', type: 'string' },
  { name: 'Type', type: 'string' },
  { name: 'SourceSystem', type: 'string' },
  { name: '_ResourceId', type: 'string' },
  { name: '_SubscriptionId', type: 'string' },
  { name: '_ItemId', type: 'string' },
  { name: '_TimeReceived', type: 'datetime' },
  { name: '_BilledSize', type: 'real' },
  { name: '_IsBillable', type: 'string' },
];

/** The files of some directories as they were read at one time. */
export interface TableFiles {
  /** SHA-256 (hex) of all that counts of them: other names or other bytes, another one. */
  readonly fingerprint: string;
  /** @throws TableFileError for every file or line that is not JSON, not of the form, or not named as its table */
  parse(): Map<string, TableSchema>;
}

/**
 * Reads the table schemas of some directories: `NAME.json` holds one table, `*.ndjson` one a line. Of two with one name the later counts:
 * that of the later directory, so that a user's own can replace what is shipped, and in a directory that of a file of its own.
 */
export function readTables(...directories: string[]): TableFiles {
  const files = directories.flatMap((directory) => {
    const names = readdirSync(directory).sort();
    const inOrder = [
      ...names.filter((name) => name.endsWith('.ndjson')),
      ...names.filter((name) => name.endsWith('.json')),
    ];
    return inOrder.map((name) => ({
      path: join(directory, name),
      name,
      text: readFileSync(join(directory, name), 'utf8'),
    }));
  });
  const hash = createHash('sha256');
  for (const { name, text } of files) hash.update(JSON.stringify([name, text.length])).update(text);
  return { fingerprint: hash.digest('hex'), parse: () => parseFiles(files) };
}

/** As `readTables`, parsed. @throws TableFileError */
export const loadTables = (...directories: string[]): Map<string, TableSchema> => readTables(...directories).parse();

function parseFiles(
  files: readonly { readonly path: string; readonly name: string; readonly text: string }[],
): Map<string, TableSchema> {
  const tables = new Map<string, TableSchema>();
  const problems: string[] = [];
  const add = (where: string, result: Parsed): void => {
    if ('problems' in result) problems.push(...result.problems.map((problem) => `${where}: ${problem}`));
    else tables.set(result.table.name, result.table);
  };
  for (const { path, name, text } of files) {
    if (name.endsWith('.json')) add(path, parseTable(text, basename(name, '.json')));
    else
      for (const [index, line] of text.split('\n').entries())
        if (line.trim() !== '') add(`${path}:${index + 1}`, parseTable(line));
  }
  if (problems.length > 0) throw new TableFileError(problems);
  return tables;
}

type Parsed = { table: TableSchema } | { problems: string[] };

/** Checks the text of one schema. `fileName`: that of its own file, without extension. */
export function parseTable(text: string, fileName?: string): Parsed {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (error) {
    return { problems: [`not JSON: ${(error as Error).message}`] };
  }
  const parsed = tableFile.safeParse(json);
  if (!parsed.success) {
    return { problems: parsed.error.issues.map((issue) => `${issue.path.join('.') || 'the file'}: ${issue.message}`) };
  }
  const { name, open, columns } = parsed.data;
  const problems: string[] = [];
  if (fileName !== undefined && name !== fileName) problems.push(`name: the table ${name} belongs into ${name}.json`);
  if (columns.TimeGenerated !== 'datetime') problems.push('columns.TimeGenerated: every table has it, as datetime');
  const declared = Object.entries(columns) as [string, ScalarType][];
  for (const [column, type] of declared) {
    if (!COLUMN_NAME.test(column)) problems.push(`columns.${column}: a column name has letters, digits and _`);
    if (!TYPES.has(type)) problems.push(`columns.${column}: expected one of ${SCALAR_TYPES.join(', ')}`);
  }
  if (problems.length > 0) return { problems };
  const missing = STANDARD_COLUMNS.filter((standard) => !Object.hasOwn(columns, standard.name));
  return {
    table: { name, open, columns: [...declared.map(([column, type]) => ({ name: column, type })), ...missing] },
  };
}
