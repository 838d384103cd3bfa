import { mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pageMarkdown } from '../../cli/explain/page-markdown';
import { pageText } from '../../cli/explain/page-text';
import type { ListContent, ListFault } from '../../src/compiler/compile';
import { rulePages } from '../../src/explain/page/page';
import { formatProblem } from '../../src/rules/problem';
import { type Lists, loadWorkspace, type Workspace } from '../../src/rules/workspace';

// Each reads a workspace anew.
jest.setTimeout(60_000);

const URL_A = 'https://lists.example/a.csv';
const URL_B = 'https://lists.example/b.csv?sig=secret';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'outrider-lists-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

/** Lists as a test gives them; says what was asked for. */
class GivenLists implements Lists {
  readonly loaded: string[] = [];
  private readonly known = new Map<string, ListContent | ListFault>();
  constructor(private readonly given: Readonly<Record<string, string | ListFault>>) {}
  get(url: string): ListContent | ListFault | undefined {
    return this.known.get(url);
  }
  async load(urls: readonly string[]): Promise<void> {
    for (const url of urls) {
      this.loaded.push(url);
      const given = this.given[url] ?? { problem: 'there is none' };
      this.known.set(
        url,
        typeof given === 'string' ? { text: given, sha256: 'f'.repeat(64), fetchedAt: this.at } : given,
      );
    }
  }
  at = '2026-01-01T00:00:00.000Z';
}

function rule(name: string, query: string): void {
  const head =
    'description: d\nseverity: Low\nrequiredDataConnectors: []\nqueryFrequency: 1h\nqueryPeriod: 1h\ntriggerOperator: gt\ntriggerThreshold: 0\ntactics: []\nrelevantTechniques: []\nversion: 1.0.0\nkind: Scheduled\n';
  const id = `11111111-2222-4333-8444-${Buffer.from(name).toString('hex').padStart(12, '0').slice(-12)}`;
  const body = query.split('\n').map((line) => `  ${line}\n`);
  writeFileSync(join(folder, `${name}.yaml`), `id: ${id}\nname: ${name}\n${head}query: |\n${body.join('')}`);
}

const load = (lists?: Lists): Promise<Workspace> =>
  loadWorkspace({ rules: [folder], tables: [join(__dirname, '..', '..', 'tables')], lists });
const messages = ({ problems }: Workspace): string[] =>
  problems.map(formatProblem).map((line) => line.replace(`${folder}/`, ''));

const IN_LIST = `let bad = externaldata(Process:string) [@"${URL_A}"] with (format="csv", ignoreFirstRecord=True);
Event | where Source in~ (bad) | summarize N = count() by Computer`;

describe('lists of rules', () => {
  it('asks for what rules read, once, and keeps rows, hash and date in the plan', async () => {
    rule('one', IN_LIST);
    rule('two', `${IN_LIST} | extend Two = 2`);
    rule('three', 'Event | where EventID == 3');
    const lists = new GivenLists({ [URL_A]: 'Process\ncalc.exe\nmshta.exe\n' });
    const workspace = await load(lists);
    expect(messages(workspace)).toEqual([]);
    expect(lists.loaded).toEqual([URL_A]);
    const byName = new Map(workspace.rules.map(({ plan }) => [plan?.rule.name, plan]));
    expect(byName.get('three')?.references).toEqual([]);
    const [reference] = byName.get('one')!.references!;
    expect(reference).toMatchObject({
      url: URL_A,
      format: 'csv',
      ignoreFirstRecord: true,
      sha256: 'f'.repeat(64),
      rows: 2,
      fetchedAt: '2026-01-01T00:00:00.000Z',
    });
    const leg = JSON.stringify(byName.get('one')!.stream.legs);
    expect(leg).toContain(`"reference":"${reference!.id}"`);
    expect(leg).toContain('[["calc.exe"],["mshta.exe"]]');
    expect(byName.get('two')!.references![0]!.id).toBe(reference!.id);
  });

  it('changes hashes for other rows, and not for another date or another way of writing them', async () => {
    rule('one', IN_LIST);
    const hashes = async (content: string, at: string): Promise<string[]> => {
      const lists = new GivenLists({ [URL_A]: content });
      lists.at = at;
      const { plan } = (await load(lists)).rules[0]!;
      return [plan!.hash, plan!.stream.legs[0]!.hash];
    };
    const first = await hashes('Process\ncalc.exe\n', '2026-01-01T00:00:00.000Z');
    expect(await hashes('Process\r\n"calc.exe"\r\n', '2026-02-02T00:00:00.000Z')).toEqual(first);
    const other = await hashes('Process\ncmd.exe\n', '2026-01-01T00:00:00.000Z');
    expect(other[0]).not.toBe(first[0]);
    expect(other[1]).not.toBe(first[1]);
  });

  it('heeds no case in the names of properties', async () => {
    rule('one', `externaldata(a:string)["${URL_A}"] with (Format='csv', ignorefirstrecord=true) | count`);
    const workspace = await load(new GivenLists({ [URL_A]: 'a\nx\n' }));
    expect(messages(workspace).filter((line) => line.includes('error'))).toEqual([]);
    expect(workspace.rules[0]!.plan!.references).toMatchObject([{ rows: 1, ignoreFirstRecord: true }]);
  });

  it('joins the files of one operator', async () => {
    rule('one', `Event | where Source in ((externaldata(a:string)["${URL_A}", h@"${URL_B}"]))`);
    const { rules } = await load(new GivenLists({ [URL_A]: 'x\n', [URL_B]: 'y\nz\n' }));
    expect(rules[0]!.plan!.references!.map(({ url, rows }) => [url, rows])).toEqual([
      [URL_A, 1],
      [URL_B, 2],
    ]);
    expect(JSON.stringify(rules[0]!.plan!.stream)).toContain('[["x"],["y"],["z"]]');
  });

  it('shows them on the page of the rule, without secrets', async () => {
    rule('one', `Event | where Source in ((externaldata(a:string)["${URL_B}"]))`);
    const { rules } = await load(new GivenLists({ [URL_B]: 'y\nz\n' }));
    const [page] = rulePages(rules, rules);
    expect(page!.references).toEqual([
      { url: 'https://lists.example/b.csv', sha256: 'f'.repeat(64), rows: 2, fetchedAt: '2026-01-01T00:00:00.000Z' },
    ]);
    expect(pageText(page!)).toMatch(
      /\nLists\n {2}https:\/\/lists\.example\/b\.csv +2 rows +2026-01-01T00:00:00\.000Z\n/,
    );
    expect(pageMarkdown(page!)).toContain('## Lists');
  });

  it('names a list that cannot be had where it stands in the rule, and shows no secret of it', async () => {
    rule('one', `Event\n| where Source in ((externaldata(a:string)["${URL_B}"]))`);
    const workspace = await load(new GivenLists({ [URL_B]: { problem: 'the server answered 404' } }));
    expect(messages(workspace)).toEqual([
      'one.yaml:16:46: error: externaldata https://lists.example/b.csv: the server answered 404. Map it to a local file with --external URL=FILE, or build where it can be reached. [external-data]',
    ]);
    expect(workspace.rules[0]!.plan).toBeUndefined();
    expect(messages(await load())[0]).toContain('it was not fetched');
  });

  it.each([
    [
      'a web page',
      '<!DOCTYPE html>\n<html>Sign in</html>',
      'error: externaldata https://lists.example/a.csv: it is a web page, not a list',
    ],
    ['an empty file', '', 'warning: externaldata https://lists.example/a.csv has no rows'],
    ['too many rows', 'x\n'.repeat(200_001), '200001 rows, more than 200000'],
  ])('speaks of %s', async (_, content, message) => {
    rule('one', `Event | where Source in ((externaldata(a:string)["${URL_A}"]))`);
    const all = messages(await load(new GivenLists({ [URL_A]: content })));
    expect(all).toHaveLength(1);
    expect(all[0]).toContain(message);
  });

  it('refuses a property that it would have to ignore', async () => {
    rule(
      'one',
      `Event | where Source in ((externaldata(a:string)["${URL_A}"] with (format='json', ingestionMapping='m')))`,
    );
    const all = messages(await load(new GivenLists({ [URL_A]: '{"a":"x"}' })));
    expect(all.join()).toContain('externaldata with (ingestionMapping=…) is not supported');
  });

  it('warns of a plan that a list makes large', async () => {
    rule('one', `Event | where Source in ((externaldata(a:string)["${URL_A}"]))`);
    const all = messages(await load(new GivenLists({ [URL_A]: `${'x'.repeat(100)}\n`.repeat(50_000) })));
    expect(all.join()).toMatch(/The plan has \d+ MB.*https:\/\/lists\.example\/a\.csv, 50000 rows.*\[large-plan\]/);
  });

  it('knows a watchlist by its file', async () => {
    mkdirSync(join(folder, 'watchlists'));
    const file = join(folder, 'watchlists', 'VIP.csv');
    writeFileSync(file, 'User\nalice\nbob\n');
    utimesSync(file, new Date('2026-01-01'), new Date('2026-01-01'));
    rule('one', "Event | where UserName in ((_GetWatchlist('VIP') | project User))");
    const { rules, problems } = await load();
    expect(problems).toEqual([]);
    expect(rules[0]!.plan!.references).toEqual([
      {
        id: 'watchlist:VIP',
        watchlist: 'VIP',
        rows: 2,
        sha256: expect.stringMatching(/^[0-9a-f]{64}$/),
        fetchedAt: '2026-01-01T00:00:00.000Z',
      },
    ]);
  });
});
