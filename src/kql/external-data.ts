import { type Encoded, encodeValue } from './values/codec';
import { convert, parseDynamic } from './values/convert';
import type { Column } from './values/types';

/** Most rows that an external list may hold: it travels in every plan that uses it. */
export const MAX_EXTERNAL_ROWS = 200_000;

export interface ExternalOptions {
  readonly url: string;
  /** csv, tsv, psv, scsv, sohsv, txt, raw, json, multijson; by the URL's ending where absent, else csv. */
  readonly format?: string;
  readonly ignoreFirstRecord: boolean;
}

const DELIMITERS: Readonly<Record<string, string>> = {
  csv: ',',
  tsv: '\t',
  tsve: '\t',
  psv: '|',
  scsv: ';',
  sohsv: '\u0001',
};

/**
 * Content of an external file → rows for the declared columns, JSON-encoded. https://learn.microsoft.com/kusto/query/externaldata-operator
 * Throws Error for a format that is not supported and for JSON that does not parse.
 */
export function parseExternal(text: string, columns: readonly Column[], options: ExternalOptions): Encoded[][] {
  const format = (options.format ?? endingOf(options.url)).toLowerCase();
  const body = text.charCodeAt(0) === 0xfeff ? text.slice(1) : text;
  // A sign-in page or a notice in place of a list would become rows that match nothing.
  if (format !== 'raw' && format !== 'txt' && /^\s*<(!doctype html|html)[\s>]/i.test(body))
    throw new Error('it is a web page, not a list');
  const records = recordsOf(body, format, columns);
  if (options.ignoreFirstRecord) records.shift();
  if (records.length > MAX_EXTERNAL_ROWS) throw new Error(`${records.length} rows, more than ${MAX_EXTERNAL_ROWS}`);
  return records.map((record) =>
    columns.map((column, i) => {
      const cell = record[i];
      if (cell === undefined || cell === null) return column.type === 'string' ? '' : null;
      const value = typeof cell === 'string' && column.type === 'dynamic' ? parseDynamic(cell) : null;
      if (value !== null) return encodeValue(value, 'dynamic');
      return encodeValue(
        convert(typeof cell === 'string' ? cell : JSON.stringify(cell), 'string', column.type),
        column.type,
      );
    }),
  );
}

function endingOf(url: string): string {
  const path = url.replace(/[?#].*$/, '').replace(/\.(gz|zip)$/i, '');
  const ending = /\.(\w+)$/.exec(path)?.[1]?.toLowerCase() ?? 'csv';
  return Object.hasOwn(DELIMITERS, ending) || ['txt', 'json', 'multijson', 'raw'].includes(ending) ? ending : 'csv';
}

function recordsOf(text: string, format: string, columns: readonly Column[]): unknown[][] {
  const delimiter = DELIMITERS[format];
  if (delimiter !== undefined) return parseDelimited(text, delimiter);
  switch (format) {
    case 'txt':
      return lines(text).map((line) => [line]);
    case 'raw':
      return [[text]];
    case 'json':
    case 'multijson':
      return jsonRecords(text).map((record) =>
        columns.map(({ name }) => (Object.hasOwn(record, name) ? cellOf(record[name]) : undefined)),
      );
    default:
      throw new Error(
        `format '${format}' is not supported; supported are csv, tsv, psv, scsv, sohsv, txt, raw, json, multijson`,
      );
  }
}

const cellOf = (value: unknown): unknown =>
  value === null || typeof value === 'string' ? value : JSON.stringify(value);
const lines = (text: string): string[] => {
  const all = text.split(/\r?\n/);
  if (all.at(-1) === '') all.pop();
  return all;
};

function jsonRecords(text: string): Record<string, unknown>[] {
  const trimmed = text.trim();
  if (trimmed === '') return [];
  if (trimmed.startsWith('[')) return JSON.parse(trimmed) as Record<string, unknown>[];
  try {
    return lines(trimmed)
      .filter((line) => line.trim() !== '')
      .map((line) => JSON.parse(line) as Record<string, unknown>);
  } catch (error) {
    const whole = JSON.parse(trimmed) as Record<string, unknown>;
    if (typeof whole === 'object' && whole !== null) return [whole];
    throw error;
  }
}

/** RFC 4180: quoted fields may hold delimiters, line ends and doubled quotes. */
export function parseDelimited(text: string, delimiter: string): string[][] {
  const records: string[][] = [];
  let record: string[] = [];
  let field = '';
  let quoted = false;
  let started = false;
  for (let i = 0; i < text.length; i++) {
    const c = text[i]!;
    if (quoted) {
      if (c !== '"') field += c;
      else if (text[i + 1] === '"') {
        field += '"';
        i++;
      } else quoted = false;
    } else if (c === '"' && field === '') {
      quoted = true;
      started = true;
    } else if (c === delimiter) {
      record.push(field);
      field = '';
      started = true;
    } else if (c === '\n' || c === '\r') {
      if (c === '\r' && text[i + 1] === '\n') i++;
      if (started || field !== '') records.push([...record, field]);
      record = [];
      field = '';
      started = false;
    } else {
      field += c;
      started = true;
    }
  }
  if (started || field !== '') records.push([...record, field]);
  return records;
}
