import { createHash } from 'node:crypto';
import type { ResultTable, RunWindow } from './alert';
import { canonicalJson } from './canonical';

/** Part of every id, so that a change of how ids are made cannot make two different alerts equal. */
const SCHEME = 'outrider/alert/1';

/** Id of the one alert of a run. `ruleId` in any case. */
export function runAlertId(ruleId: string, window: RunWindow): string {
  return guidOf([SCHEME, 'run', ruleId.toLowerCase(), window.start, window.end]);
}

/**
 * Ids of the alerts of a run under AlertPerResult, one a row, in the order of the rows. A row is known by the columns of
 * `keyColumns` (the keys of the query's last `summarize`), else by all its columns; rows that are alike get an ordinal,
 * by their full content. The order of rows and columns does not matter.
 */
export function resultAlertIds(
  ruleId: string,
  window: RunWindow,
  table: ResultTable,
  keyColumns?: readonly string[],
): string[] {
  const all = table.columns.map((column, index) => ({ name: column.name, index }));
  all.sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0));
  const keys = keyColumns === undefined ? all : all.filter(({ name }) => keyColumns.includes(name));
  const isKnown = keyColumns === undefined || keyColumns.every((name) => all.some((column) => column.name === name));
  const identifying = isKnown ? keys : all;

  const alike = new Map<string, { row: number; content: string }[]>();
  for (const [row, cells] of table.rows.entries()) {
    const key = canonicalJson(identifying.map(({ name, index }) => [name, cells[index]]));
    const content = canonicalJson(all.map(({ index }) => cells[index]));
    const group = alike.get(key);
    if (group) group.push({ row, content });
    else alike.set(key, [{ row, content }]);
  }
  const ids: string[] = new Array(table.rows.length);
  for (const [key, group] of alike) {
    group.sort((a, b) => (a.content < b.content ? -1 : a.content > b.content ? 1 : a.row - b.row));
    for (const [ordinal, { row }] of group.entries()) {
      ids[row] = guidOf([SCHEME, 'result', ruleId.toLowerCase(), window.start, window.end, key, ordinal]);
    }
  }
  return ids;
}

/** A GUID from the SHA-256 of the parts: version 8 (custom) of RFC 9562. */
function guidOf(parts: readonly (string | number)[]): string {
  const bytes = createHash('sha256').update(JSON.stringify(parts)).digest().subarray(0, 16);
  bytes[6] = (bytes[6]! & 0x0f) | 0x80;
  bytes[8] = (bytes[8]! & 0x3f) | 0x80;
  const hex = bytes.toString('hex');
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-');
}
