import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { ListContent } from '../../src/compiler/compile';
import type { RuleCache } from '../../src/rules/rule-cache';
import { loadWorkspace, type Workspace } from '../../src/rules/workspace';
import { SAMPLE, sampleWith } from './sample';

jest.setTimeout(120_000);

/** Keeps text, as files do. */
class TextCache implements RuleCache {
  readonly entries = new Map<string, string>();
  misses = 0;

  get(key: string): unknown {
    const text = this.entries.get(key);
    if (text === undefined) this.misses++;
    return text === undefined ? undefined : JSON.parse(text);
  }

  put(key: string, value: unknown): void {
    this.entries.set(key, JSON.stringify(value));
  }
}

const LIST = 'https://example.org/list.csv';
let folder: string;
let cache: TextCache;
let lists: Map<string, ListContent>;

function put(path: string, text: string): void {
  mkdirSync(dirname(join(folder, path)), { recursive: true });
  writeFileSync(join(folder, path), text);
}

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'outrider-kept-'));
  cache = new TextCache();
  lists = new Map([[LIST, { text: 'a\nb\n', sha256: 'x', fetchedAt: '2026-01-01T00:00:00.000Z' }]]);
  put('tables/Made.json', JSON.stringify({ name: 'Made', columns: { TimeGenerated: 'datetime', A: 'string' } }));
  put('rules/settings.yaml', 'rules:\n  Sample rule:\n    exclusions: ["Computer == \'x\'"]\n');
  put('rules/functions/Mine.kql', 'Made | where A == Other()');
  put('rules/functions/Other.kql', 'print x = "1"');
  put('rules/functions/Unused.kql', 'Event | take 1');
  put('rules/watchlists/Hosts.csv', 'Host\nh1\n');
  put('rules/plain.yaml', SAMPLE);
  const other = (name: string, query: string): string =>
    SAMPLE.replace('Sample rule', name)
      .replace('0b5a1a52', Buffer.from(name.padEnd(4, '0')).toString('hex').slice(0, 8))
      .replace(/ {2}Event\n {2}\| where EventID == 1/, `  ${query}`)
      .replace(/entityMappings:[\s\S]*?version/, 'version');
  put('rules/function.yaml', other('func', 'Made | where A in (Hosts2()) | union (Mine())'));
  put('rules/functions/Hosts2.kql', 'Made | project A');
  put(
    'rules/watchlist.yaml',
    other('watch', "Event | where Computer in ((_GetWatchlist('Hosts') | project SearchKey))"),
  );
  put('rules/list.yaml', other('list', `Event | where Computer in ((externaldata(x:string)["${LIST}"]))`));
  put('rules/wrong.yaml', other('wrong', 'Event | where NoSuchColumn == 1'));
  put('rules/broken.yaml', 'id: 1\nquery: |\n  Event | wheer x\n');
  put('rules/connector.yaml', 'name: no rule\n');
});
afterEach(() => rmSync(folder, { recursive: true }));

const load = (kept?: RuleCache): Promise<Workspace> =>
  loadWorkspace({
    rules: [join(folder, 'rules')],
    tables: [join(__dirname, '..', '..', 'tables'), join(folder, 'tables')],
    lists: { get: (url) => lists.get(url), load: async () => undefined },
    cache: kept,
  });

/** All that a workspace says, positions in files included. */
const shown = (workspace: Workspace): unknown =>
  JSON.parse(
    JSON.stringify({
      problems: workspace.problems,
      rules: workspace.rules.map(({ file, plan, query, stages, problems }) => ({
        file: file.file,
        rule: file.rule,
        text: file.query,
        own: file.problems,
        at: [file.position(['severity']), file.queryPosition(3)],
        plan,
        query,
        stages,
        problems,
      })),
    }),
  );

/** Rules that were compiled, of those that are there, when the workspace is loaded again. */
async function missesAfter(change: () => void): Promise<number> {
  await load(cache);
  change();
  cache.misses = 0;
  const workspace = await load(cache);
  const { misses } = cache;
  expect(shown(workspace)).toEqual(shown(await load()));
  return misses;
}

describe('a workspace with what was worked out before', () => {
  it('says the same, word for word, and compiles nothing that has not changed', async () => {
    expect(await missesAfter(() => undefined)).toBe(0);
    expect((await load()).rules.filter(({ plan }) => plan)).toHaveLength(4);
  });

  it('reads a rule again that has changed, and no other', async () => {
    // Its file and its query.
    expect(await missesAfter(() => put('rules/plain.yaml', sampleWith('EventID == 1', 'EventID == 2')))).toBe(2);
  });

  it('compiles with the settings that are there now', async () => {
    expect(await missesAfter(() => put('rules/settings.yaml', 'rules:\n  Sample rule:\n    grace: 7m\n'))).toBe(1);
  });

  it('compiles again what reaches a saved function that has changed, through others too', async () => {
    expect(await missesAfter(() => put('rules/functions/Other.kql', 'print x = "2"'))).toBe(1);
    expect(await missesAfter(() => put('rules/functions/Unused.kql', 'Event | take 2'))).toBe(0);
  });

  it('compiles again when a function, table or list appears or goes', async () => {
    expect(await missesAfter(() => rmSync(join(folder, 'rules/functions/Other.kql')))).toBe(1);
    expect(await missesAfter(() => rmSync(join(folder, 'tables/Made.json')))).toBeGreaterThanOrEqual(1);
  });

  it('compiles all again for another schema of any table', async () => {
    const columns = { TimeGenerated: 'datetime', A: 'string', B: 'long' };
    const change = (): void => put('tables/Made.json', JSON.stringify({ name: 'Made', columns }));
    expect(await missesAfter(change)).toBeGreaterThanOrEqual(6);
  });

  it('compiles again for another watchlist, and for other content of a list', async () => {
    expect(await missesAfter(() => put('rules/watchlists/Hosts.csv', 'Host\nh1\nh2\n'))).toBe(1);
    const changed = { text: 'a\nc\n', sha256: 'y', fetchedAt: '2026-01-02T00:00:00.000Z' };
    expect(await missesAfter(() => lists.set(LIST, changed))).toBe(1);
  });

  it('compiles again for another name of the file: it stands in the plan', async () => {
    const change = (): void => {
      rmSync(join(folder, 'rules/plain.yaml'));
      put('rules/renamed.yaml', SAMPLE);
    };
    expect(await missesAfter(change)).toBe(2);
  });
});
