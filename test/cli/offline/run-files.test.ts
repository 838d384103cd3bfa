import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import { type RunFilesResult, runFiles } from '../../../cli/offline/run-files';
import { unreadLines } from '../../../cli/offline/unread';
import type { RulePlan } from '../../../src/plan/rule-plan';
import { loadWorkspace } from '../../../src/rules/workspace';
import { SAMPLE } from '../../rules/sample';
import { bundlePrograms } from '../../support/bundle';
import { evtxFile, string, sysmonRecord, u32 } from '../../support/evtx';

jest.setTimeout(240_000);

const ROOT = join(__dirname, '..', '..', '..');
const START = Date.UTC(2026, 0, 1);

let folder: string;
let program: string;
let remove: () => void;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'outrider-jobs-'));
  const bundled = bundlePrograms('cli', ['run-worker.ts']);
  program = join(bundled.directory, 'run-worker.js');
  remove = bundled.remove;
});
afterAll(() => {
  remove();
  rmSync(folder, { recursive: true });
});

/** Queries whose answers depend on order, on ties and on how partial aggregates merge. */
const QUERIES = [
  'Event | where EventID == 1 | summarize count(), min(TimeGenerated), max(TimeGenerated) by Computer',
  'Event | summarize make_list(EventID), take_any(RenderedDescription), arg_max(TimeGenerated, EventID) by Computer',
  'Event | summarize avg(todouble(RenderedDescription)), dcount(RenderedDescription), percentile(EventID, 90) by UserName',
  'Event | where EventID == 3 | take 3 | project TimeGenerated, Computer, RenderedDescription',
  'Event | where EventID == 2 | join kind=innerunique (Event | where EventID == 4 | project Computer, UserName) on Computer | project Computer, UserName1, EventID',
  'Event | where Source == "none" | count',
  'Event | serialize n = row_number() | where n % 100 == 7 | project n, Computer, EventID',
  'Event | extend bad = tolong(RenderedDescription) / (EventID - 5) | summarize sum(bad) by bin(TimeGenerated, 10m)',
];

const rule = (query: string, i: number): string =>
  SAMPLE.replace('Sample rule', `rule ${i}`)
    .replace('0b5a1a52', `0b5a1a${String(i).padStart(2, '0')}`)
    .replace('  Event\n  | where EventID == 1', `  ${query}`)
    .replace(/entityMappings:[\s\S]*?version/, 'version');

async function plansOf(folders: readonly string[]): Promise<RulePlan[]> {
  const { rules } = await loadWorkspace({ rules: folders, tables: [join(ROOT, 'tables')], hunting: true });
  return rules.flatMap(({ plan }) => (plan ? [plan] : []));
}

const event = (i: number): object => ({
  Type: 'Event',
  TimeGenerated: new Date(START + ((i * 7919) % 5_400_000)).toISOString(),
  Computer: `host${i % 7}`,
  UserName: `user${i % 3}`,
  EventID: (i * 31) % 6,
  RenderedDescription: String((i % 11) / 8),
});

/** Of an alert, all but when it was made. */
const said = ({ alerts, unread, messages, records, matches, windows }: RunFilesResult): unknown => ({
  alerts: alerts.map((alert) => ({ ...alert, ProcessingEndTime: undefined, TimeGenerated: undefined })),
  unread: unread.map(({ file, counts }) => unreadLines(file, counts)),
  ...{ messages, records, matches, windows },
});

async function run(
  plans: readonly RulePlan[],
  files: readonly string[],
  jobs: number,
  pieceBytes: number,
): Promise<unknown> {
  const logs: unknown[] = [];
  const result = await runFiles({ plans, files, jobs, program, pieceBytes, log: (entry) => logs.push(entry) });
  return { ...(said(result) as object), logs };
}

describe('rules over files, on several threads', () => {
  it('say what one thread says, in the same order, of files of every kind', async () => {
    const rules = join(folder, 'rules');
    mkRules(rules, QUERIES.map(rule));
    const lines = Array.from({ length: 600 }, (_, i) => JSON.stringify(event(i)));
    const broken = ['{"Type":"Event"', 'no json', JSON.stringify({ Type: 'Event', EventID: 1 })];
    const file = (name: string, content: string | Buffer): string => {
      writeFileSync(join(folder, name), content);
      return join(folder, name);
    };
    const sysmon = Array.from({ length: 30 }, (_, i) =>
      sysmonRecord(1, START + i * 60_000, 1000 + i, [
        ['CommandLine', string(`run ${i}`)],
        ['ProcessId', u32(i)],
      ]),
    );
    const files = [
      file('a.ndjson', [...lines.slice(0, 200), broken[0], ...lines.slice(200, 300), broken[1]].join('\n')),
      file('b.ndjson.gz', gzipSync([...lines.slice(300, 400), broken[2]].join('\r\n'))),
      file('c.json', JSON.stringify({ records: lines.slice(400, 500).map((line) => JSON.parse(line)) })),
      file('d.evtx', evtxFile([sysmon])),
      file('e.jsonl', lines.slice(500).join('\n')),
    ];
    const plans = await plansOf([rules]);
    expect(plans).toHaveLength(QUERIES.length);
    const alone = (await run(plans, files, 1, 1_000_000)) as { alerts: unknown[]; unread: string[][] };
    expect(alone.alerts.length).toBeGreaterThan(QUERIES.length);
    expect(alone.unread).toEqual([
      [
        expect.stringMatching(
          /a\.ndjson: 2 records could not be read: 1 invalid-json, 1 unknown-shape; the first in message 201: /,
        ),
      ],
      [expect.stringMatching(/b\.ndjson\.gz: 1 record could not be read: 1 no-time; the first in message 101: /)],
      [],
      [],
      [],
    ]);
    expect(await run(plans, files, 4, 3_000)).toEqual(alone);
    expect(await run(plans, files, 2, 20_000)).toEqual(alone);
  });

  it('name the file that cannot be read, whatever thread reads it, and end', async () => {
    const rules = join(folder, 'one');
    mkRules(rules, [rule(QUERIES[0]!, 0)]);
    const plans = await plansOf([rules]);
    for (const jobs of [1, 3])
      await expect(run(plans, [join(folder, 'none.ndjson')], jobs, 1_000)).rejects.toThrow(/none\.ndjson: /);
  });

  const shared = join(ROOT, '../shared');
  (existsSync(join(shared, 'data')) ? it : it.skip)('say so of real events and published rules', async () => {
    const plans = await plansOf([join(shared, 'rules/sentinel'), join(ROOT, 'rules')]);
    const text = gunzipSync(readFileSync(join(shared, 'data/sysmon-stream-20k.ndjson.gz'))).toString('utf8');
    const file = join(folder, 'real.ndjson');
    writeFileSync(file, text.split('\n').slice(0, 2_000).join('\n'));
    const others = readdirSync(join(shared, 'data'))
      .filter((name) => /^sysmon-(event|windowsevent)/.test(name))
      .map((name) => join(shared, 'data', name));
    const alone = await run(plans, [file, ...others], 1, 100_000_000);
    expect(await run(plans, [file, ...others], 4, 300_000)).toEqual(alone);
  });
});

function mkRules(path: string, texts: readonly string[]): void {
  rmSync(path, { recursive: true, force: true });
  mkdirSync(path);
  texts.forEach((text, i) => {
    writeFileSync(join(path, `${String(i).padStart(2, '0')}.yaml`), text);
  });
}
