#!/usr/bin/env node
// Writes tables/azure-monitor.ndjson anew from the Azure Monitor log reference.
// Usage: node scripts/tables.mjs REFERENCE.ndjson   (a table a line: {"name","columns":{name:type}})
// The reference decides types and adds what is missing. Columns that only newer documentation has stay, and so does the order of those
// that are here: it is part of what plans are made of.
import { readFileSync, writeFileSync } from 'node:fs';

const TARGET = new URL('../tables/azure-monitor.ndjson', import.meta.url);
const [reference] = process.argv.slice(2);
if (reference === undefined) {
  console.error('usage: node scripts/tables.mjs REFERENCE.ndjson');
  process.exit(2);
}

const read = (file) =>
  readFileSync(file, 'utf8')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line));

const tables = new Map(read(TARGET).map((table) => [table.name, table]));
for (const { name, columns } of read(reference)) {
  const known = tables.get(name);
  tables.set(name, { ...known, name, columns: { ...known?.columns, ...columns } });
}
const lines = [...tables.values()].sort((a, b) => (a.name < b.name ? -1 : 1)).map((table) => JSON.stringify(table));
writeFileSync(TARGET, `${lines.join('\n')}\n`);
console.log(`${lines.length} tables`);
