import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runQuery } from '../../../cli/offline/run-query';
import { openTableFile, type ReadResult, type TableFile } from '../../../cli/offline/table-files';
import { createCompiler } from '../../../src/compiler/compile';
import { createRuntime, jsonRows, preparePipeline, ticksFromMs, visible } from '../../../src/kql';
import { canonicalRows } from '../../../src/streaming/canonical-order';
import type { Fields } from '../../../src/streaming/source-row';

jest.setTimeout(120_000);

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'outrider-runquery-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

const file = (name: string, lines: readonly string[]): string => {
  writeFileSync(join(folder, name), lines.join('\n'));
  return join(folder, name);
};

const START = Date.UTC(2026, 0, 1);
/** Many of one time, and some of them alike. */
const event = (i: number): Fields => ({
  Type: 'Event',
  TimeGenerated: new Date(START + ((i * 7919) % 90) * 60_000).toISOString(),
  Computer: `host${(i * 13) % 7}`,
  EventID: (i * 31) % 6,
  RenderedDescription: String((i % 11) / 8),
});
const events = Array.from({ length: 400 }, (_, i) => event(i));
const plain = Array.from({ length: 60 }, (_, i) => ({ n: i, name: `x${(i * 7) % 5}`, list: [i, i + 1] }));

const QUERIES = [
  'Event | count',
  'Event | summarize count() by EventID',
  'Event | where EventID == 1 | summarize make_list(RenderedDescription), take_any(Computer) by EventID',
  'Event | summarize arg_max(TimeGenerated, *) by Computer',
  'Event | take 7',
  'Event | take 0',
  'Event | where EventID == 3 | take 5 | project TimeGenerated, Computer',
  'Event | top 4 by EventID | project EventID, Computer, RenderedDescription',
  'Event | serialize n = row_number() | where n % 97 == 3 | project n, Computer',
  'Event | extend p = pack_array(1, EventID) | mv-expand p | summarize count(), make_list(p, 5) by Computer',
  'let E = Event | where EventID == 2; E | take 2 | union (E | count)',
  'Event | take 3 | where EventID in ((Event | distinct EventID)) | project EventID',
  'union (Event | where EventID == 1), (Event | where EventID == 2) | summarize count(), min(TimeGenerated) by EventID',
  'union Event, (Event | where EventID == 1) | project EventID, Computer, RenderedDescription | take 12',
  'Event | join kind=innerunique (Event | where EventID == 4) on Computer | count',
  'Event | where TimeGenerated < ago(1d) and TimeGenerated > datetime(2026-01-01T00:30) | count',
  'Event | where EventID > toscalar(Event | summarize avg(EventID)) | summarize dcount(Computer)',
  'Event | make-series count() default=0 on TimeGenerated step 10m by EventID',
  'Event | distinct Computer, EventID',
  'Event | where Computer == "nowhere" | summarize count(), max(EventID)',
  'Thing | where n > 40 | project n, name',
  'Thing | summarize make_list(n), take_any(list) by name',
  'Thing | take 4',
  'Thing | join kind=inner (Event | summarize c = count() by n = tolong(EventID)) on n | project n, name, c',
  'print x = 1',
];

/** The batch evaluator over all rows at once, which knows nothing of legs. */
function inOneGo(
  query: string,
  tables: ReadonlyMap<string, readonly Fields[]>,
  compile: ReturnType<typeof compiler>,
): unknown {
  const runtime = createRuntime({
    now: ticksFromMs(Date.now()),
    scan(source) {
      const rows = source.kind === 'table' ? (tables.get(source.name) ?? []) : [];
      const timed = rows.some((fields) => Object.hasOwn(fields, 'TimeGenerated'));
      const read = rows.map((fields) => ({ fields, ingestion: 0n }));
      // A table without times stays as it is in the file.
      return timed ? canonicalRows(read, source.columns) : read.flatMap((one) => canonicalRows([one], source.columns));
    },
  });
  const { schema, rows } = visible(preparePipeline(compile(query)).run(runtime));
  return { columns: schema.map(({ name, type }) => ({ name, type })), rows: jsonRows(schema, rows) };
}

function compiler(tables: ReadonlyMap<string, TableFile>) {
  const made = createCompiler([...tables.values()].map(({ declaration }) => declaration));
  return (query: string) => {
    const { plan, diagnostics } = made.compile(query);
    if (!plan) throw new Error(`${query}: ${diagnostics.map(({ message }) => message).join('; ')}`);
    return plan;
  };
}

async function open(isKept: boolean): Promise<Map<string, TableFile>> {
  const paths = [
    `Event=${file(
      'events.ndjson',
      events.map((one) => JSON.stringify(one)),
    )}`,
    `Thing=${file(
      'things.ndjson',
      plain.map((one) => JSON.stringify(one)),
    )}`,
  ];
  const tables = await Promise.all(paths.map((path) => openTableFile(path, isKept)));
  return new Map(tables.map((table) => [table.declaration.name, table]));
}

describe('a query over files', () => {
  it.each([false, true])('says what the batch evaluator says over all rows (kept: %s)', async (isKept) => {
    const tables = await open(isKept);
    const compile = compiler(tables);
    const all = new Map<string, readonly Fields[]>([
      ['Event', events],
      ['Thing', plain],
    ]);
    for (const query of QUERIES) {
      const answer = await runQuery(compile(query), tables, () => undefined);
      expect({ query, ...answer }).toEqual({ query, ...(inOneGo(query, all, compile) as object) });
    }
  });

  it('reads only what is asked for of each event, and holds only what is left', async () => {
    const tables = await open(false);
    const compile = compiler(tables);
    const read: ReadResult[] = [];
    await runQuery(compile('print 1'), tables, (result) => read.push(result));
    expect(read).toEqual([]);
    await runQuery(compile('Thing | count'), tables, (result) => read.push(result));
    expect(read.map((result) => result.file)).toEqual([join(folder, 'things.ndjson')]);
  });

  it('says what it could not read, and of which tables the records were', async () => {
    const results: ReadResult[] = [];
    const lines = ['{"Type":"Event","Time', 'no json', JSON.stringify(events[0]), '17', '{"Type":"Event","EventID":1}'];
    const other = JSON.stringify({ ...events[0], Type: 'SecurityEvent' });
    const tables = await Promise.all([
      openTableFile(`Event=${file('bad.ndjson', lines)}`, false),
      openTableFile(`Thing=${file('bad-things.ndjson', ['{"a":1}', '{"a":', '[{"a":2}, 3]'])}`, false),
      openTableFile(`SecurityAlert=${file('other.ndjson', [other])}`, false),
    ]);
    const byName = new Map(tables.map((table) => [table.declaration.name, table]));
    const compile = compiler(byName);
    const query = 'union (Event | project x = 1), (Thing | project x = 1), (SecurityAlert | project x = 1) | count';
    const answer = await runQuery(compile(query), byName, (result) => results.push(result));
    expect(answer.rows).toEqual([[3]]);
    const counts = results.map(({ unread }) => Object.fromEntries(unread.map(({ reason, count }) => [reason, count])));
    expect(counts).toEqual([
      { 'invalid-json': 1, 'unknown-shape': 2, 'no-time': 1 },
      { 'invalid-json': 1, 'not-an-object': 1 },
      {},
    ]);
    expect(results.map(({ others }) => others)).toEqual([[], [], ['SecurityEvent']]);
  });
});
