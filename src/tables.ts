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
  columns: z.record(
    z.string().regex(/^[A-Za-z_][A-Za-z0-9_]{0,127}$/, 'a column name has letters, digits and _'),
    z.enum(SCALAR_TYPES as [ScalarType, ...ScalarType[]]),
  ),
});

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

/**
 * Reads the table schemas (`NAME.json`) of some directories; of two with one name the later counts, so that a user's own
 * directory can replace what is shipped. Adding a table is adding a file.
 * @throws TableFileError for every file that is not JSON, not of the form, or not named as its table
 */
export function loadTables(...directories: string[]): Map<string, TableSchema> {
  const tables = new Map<string, TableSchema>();
  const problems: string[] = [];
  for (const directory of directories) {
    const files = readdirSync(directory).filter((file) => file.endsWith('.json'));
    for (const file of files.sort()) {
      const path = join(directory, file);
      const result = parseTable(readFileSync(path, 'utf8'), basename(file, '.json'));
      if ('problems' in result) problems.push(...result.problems.map((problem) => `${path}: ${problem}`));
      else tables.set(result.table.name, result.table);
    }
  }
  if (problems.length > 0) throw new TableFileError(problems);
  return tables;
}

/** Checks the text of one schema file, which is called `fileName` (without extension). */
export function parseTable(text: string, fileName: string): { table: TableSchema } | { problems: string[] } {
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
  if (name !== fileName) problems.push(`name: the table ${name} belongs into ${name}.json`);
  if (columns.TimeGenerated !== 'datetime') problems.push('columns.TimeGenerated: every table has it, as datetime');
  if (problems.length > 0) return { problems };
  const declared = Object.entries(columns).map(([column, type]): Column => ({ name: column, type }));
  const missing = STANDARD_COLUMNS.filter((standard) => !Object.hasOwn(columns, standard.name));
  return { table: { name, open, columns: [...declared, ...missing] } };
}
