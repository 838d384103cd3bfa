import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { FileLists, type FileListsOptions } from '../../../cli/offline/lists';
import { buildCli, type Cli } from '../../support/cli';
import { ListServer } from '../../support/list-server';
import { LOCALHOST_CERTIFICATE } from '../../support/localhost-certificate';

let folder: string;
let server: ListServer;
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'outrider-lists-'));
  server = await new ListServer().start();
});
afterEach(async () => {
  await server.stop();
  rmSync(folder, { recursive: true });
});

const DAY = 86_400_000;

async function find(path: string, options: Partial<FileListsOptions> = {}) {
  const lists = new FileLists({ files: new Map(), cache: join(folder, 'cache'), allowHttp: true, ...options });
  await lists.load([`${server.url}${path}`]);
  return lists.get(`${server.url}${path}`);
}

describe('copies of lists', () => {
  const now = Date.UTC(2026, 0, 1);

  it('serve for an hour, and are asked after when they are older', async () => {
    server.serve('/a.csv', 'one\n', { etag: '"1"' });
    expect(await find('/a.csv', { now: () => now })).toMatchObject({
      text: 'one\n',
      fetchedAt: '2026-01-01T00:00:00.000Z',
    });
    await find('/a.csv', { now: () => now + 3_500_000 });
    expect(server.requests).toHaveLength(1);
    // Unchanged: the date is still that of the content.
    expect(await find('/a.csv', { now: () => now + DAY })).toMatchObject({
      text: 'one\n',
      fetchedAt: '2026-01-01T00:00:00.000Z',
    });
    await find('/a.csv', { now: () => now + DAY + 60_000 });
    expect(server.requests).toHaveLength(2);
    server.serve('/a.csv', 'two\n', { etag: '"2"' });
    expect(await find('/a.csv', { now: () => now + 2 * DAY })).toMatchObject({
      text: 'two\n',
      fetchedAt: '2026-01-03T00:00:00.000Z',
    });
  });

  it('serve when the server does not, with a warning', async () => {
    server.serve('/a.csv', 'one\n');
    await find('/a.csv', { now: () => now });
    server.answers.clear();
    expect(await find('/a.csv', { now: () => now + DAY })).toMatchObject({
      text: 'one\n',
      warning: 'the copy of 2026-01-01T00:00:00.000Z is used: the server answered 404 Not Found',
    });
    expect(await find('/b.csv')).toEqual({ problem: 'the server answered 404 Not Found' });
  });

  it('are all that there is offline', async () => {
    server.serve('/a.csv', 'one\n');
    await find('/a.csv', { now: () => now });
    const asked = server.requests.length;
    expect(await find('/a.csv', { now: () => now + 365 * DAY, offline: true })).toMatchObject({ text: 'one\n' });
    expect(await find('/b.csv', { offline: true })).toEqual({
      problem: 'there is no copy of it, and --offline fetches nothing',
    });
    expect(server.requests).toHaveLength(asked);
  });

  it('count as none when they are not what was written', async () => {
    server.serve('/a.csv', 'one\n');
    await find('/a.csv');
    const [text] = readdirSync(join(folder, 'cache')).filter((name) => name.endsWith('.txt'));
    writeFileSync(join(folder, 'cache', text!), 'other\n');
    expect(await find('/a.csv', { offline: true })).toHaveProperty('problem');
    expect(await find('/a.csv')).toMatchObject({ text: 'one\n' });
  });

  it('give way to a file that stands for the URL', async () => {
    const file = join(folder, 'local.csv');
    writeFileSync(file, 'local\n');
    expect(await find('/a.csv', { files: new Map([[`${server.url}/a.csv`, file]]) })).toMatchObject({
      text: 'local\n',
    });
    expect(server.requests).toEqual([]);
  });
});

describe('outrider check of a rule with a list', () => {
  let cli: Cli;
  beforeAll(() => {
    cli = buildCli();
  });
  afterAll(() => cli.remove());

  const onTestEnd: (() => Promise<unknown>)[] = [];
  afterEach(async () => {
    for (const end of onTestEnd.splice(0)) await end();
  });

  it('fetches it over TLS, says what it is, and does without the network after that', async () => {
    const tls = await new ListServer('https').start();
    onTestEnd.push(() => tls.stop());
    tls.serve('/lolbins.csv', 'Process\ncalc.exe\nmshta.exe\n');
    const rules = join(folder, 'rules');
    mkdirSync(rules);
    writeFileSync(join(folder, 'ca.pem'), LOCALHOST_CERTIFICATE);
    writeFileSync(
      join(rules, 'r.yaml'),
      `id: 11111111-2222-4333-8444-555555555555\nname: r\ndescription: d\nseverity: Low\nrequiredDataConnectors: []\nqueryFrequency: 1h\nqueryPeriod: 1h\ntriggerOperator: gt\ntriggerThreshold: 0\ntactics: []\nrelevantTechniques: []\nversion: 1.0.0\nkind: Scheduled\nquery: |\n  let bad = externaldata(Process:string)["${tls.url}/lolbins.csv?sig=secret"] with (ignoreFirstRecord=true);\n  Event | where Source in~ (bad)\n`,
    );
    const run = (verb: string, ...options: string[]) =>
      cli.run([verb, rules, '--json', '--cache', join(folder, 'copies'), ...options], {
        env: { NODE_EXTRA_CA_CERTS: join(folder, 'ca.pem') },
      });
    const check = (...options: string[]) => run('check', ...options);
    const before = await check('--offline');
    expect(before.code).toBe(0);
    expect(JSON.parse(before.stdout)).toMatchObject({
      ok: true,
      problems: [{ severity: 'warning', code: 'external-data', line: 15, column: 42 }],
    });
    expect(before.stdout).not.toContain('secret');
    // What is deployed is never built over a list that is not there.
    const built = await run('build', '--offline', '--out', join(folder, 'plans.json'));
    expect(built.code).toBe(1);
    expect(built.stderr).toMatch(/r\.yaml:15:42: error: .*\[external-data\]/);
    const fetched = await check();
    expect(fetched).toMatchObject({ code: 0, stderr: '' });
    expect(JSON.parse(fetched.stdout).references).toEqual([
      { url: `${tls.url}/lolbins.csv`, sha256: expect.any(String), rows: 2, fetchedAt: expect.any(String) },
    ]);
    await tls.stop();
    const again = await check();
    expect(again).toMatchObject({ code: 0, stdout: fetched.stdout });
    expect(tls.requests).toHaveLength(1);
  }, 60_000);
});

describe('outrider query with a list', () => {
  let cli: Cli;
  beforeAll(() => {
    cli = buildCli();
  });
  afterAll(() => cli.remove());

  const query = (url: string): string =>
    `externaldata(Process:string)["${url}"] with (format="csv", ignoreFirstRecord=true) | where Process startswith "c"`;

  it('fetches it, keeps a copy, and reads files that stand for URLs', async () => {
    server.serve('/lolbins.csv', 'Process\ncalc.exe\nmshta.exe\n');
    const url = `${server.url}/lolbins.csv`;
    const flags = ['--json', '--cache', join(folder, 'cache')];
    const fetched = await cli.run(['query', query(url), ...flags, '--allow-http']);
    expect(JSON.parse(fetched.stdout)).toMatchObject({ rows: [['calc.exe']] });
    const offline = await cli.run(['query', query(url), ...flags, '--offline']);
    expect(JSON.parse(offline.stdout)).toMatchObject({ rows: [['calc.exe']] });
    expect(server.requests).toHaveLength(1);
    const file = join(folder, 'mine.csv');
    writeFileSync(file, 'Process\ncmd.exe\n');
    const local = await cli.run([
      'query',
      query('https://x.example/y.csv'),
      '--json',
      '--external',
      `https://x.example/y.csv=${file}`,
    ]);
    expect(JSON.parse(local.stdout)).toMatchObject({ rows: [['cmd.exe']] });
  }, 60_000);

  it('says why there is none', async () => {
    const { code, stderr } = await cli.run(['query', query('https://x.example/y.csv'), '--offline']);
    expect(code).toBe(1);
    expect(stderr).toContain('--offline fetches nothing');
  }, 60_000);
});
