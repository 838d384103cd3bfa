import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { basename, join } from 'node:path';
import type { Watchlist } from '../compiler/compile';
import { type Column, parseDelimited } from '../kql';

/** Columns that every watchlist has beside its own. */
const ITEM_COLUMNS: readonly Column[] = [
  { name: '_DTItemId', type: 'string' },
  { name: '_DTItemType', type: 'string' },
  { name: '_DTTimestamp', type: 'datetime' },
  { name: 'LastUpdatedTimeUTC', type: 'datetime' },
  { name: 'TimeGenerated', type: 'datetime' },
  { name: 'TenantId', type: 'string' },
];

/**
 * Watchlists that the parsers of ASIM read in every workspace and that few have: without a file they are empty.
 * https://learn.microsoft.com/azure/sentinel/normalization-manage-parsers
 */
const OPTIONAL_WATCHLISTS: readonly (readonly [alias: string, header: string])[] = [
  ['ASimDisabledParsers', 'CallerContext,SourceSpecificParser'],
  ['ASimSourceType', 'SourceType,Source'],
];

/** The watchlists of some rule folders, `watchlists/ALIAS.csv`; of two with one alias the earlier counts. */
export function readWatchlists(folders: readonly string[]): Map<string, Watchlist> {
  const lists = new Map<string, Watchlist>();
  for (const folder of folders.map((path) => join(path, 'watchlists'))) {
    if (!existsSync(folder)) continue;
    for (const file of readdirSync(folder).sort()) {
      if (!/\.csv$/i.test(file)) continue;
      const alias = basename(file).replace(/\.csv$/i, '');
      if (lists.has(alias)) continue;
      const bytes = readFileSync(join(folder, file));
      lists.set(alias, {
        ...parseWatchlist(bytes.toString('utf8')),
        sha256: createHash('sha256').update(bytes).digest('hex'),
        fetchedAt: statSync(join(folder, file)).mtime.toISOString(),
      });
    }
  }
  for (const [alias, header] of OPTIONAL_WATCHLISTS)
    if (!lists.has(alias)) lists.set(alias, { ...parseWatchlist(header), isAbsent: true });
  return lists;
}

/**
 * A CSV with a header line. Which column is the search key is not said in the file: it is the one called `SearchKey`, else the first.
 */
export function parseWatchlist(text: string): Watchlist {
  const [header = [], ...records] = parseDelimited(text.replace(/^\uFEFF/, ''), ',');
  const names = header.map((name) => name.trim());
  const key = Math.max(0, names.indexOf('SearchKey'));
  const own = names.flatMap((name, i) => (name === '' || names.indexOf(name) !== i ? [] : [{ name, i }]));
  const extra = [{ name: 'SearchKey', type: 'string' as const }, ...ITEM_COLUMNS].filter(
    ({ name }) => !names.includes(name),
  );
  return {
    columns: [...own.map(({ name }) => ({ name, type: 'string' as const })), ...extra],
    rows: records.map((record) => [
      ...own.map(({ i }) => record[i] ?? ''),
      ...extra.map(({ name }) => (name === 'SearchKey' ? (record[key] ?? '') : '')),
    ]),
  };
}
