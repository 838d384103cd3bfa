import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildCli, type Cli } from '../support/cli';

describe('outrider query', () => {
  let cli: Cli;
  let folder: string;

  beforeAll(() => {
    cli = buildCli();
    folder = mkdtempSync(join(tmpdir(), 'outrider-query-'));
  });

  afterAll(() => {
    cli.remove();
    rmSync(folder, { recursive: true, force: true });
  });

  it('looks, without names of tables, at those that it was given', async () => {
    const file = join(folder, 'events.ndjson');
    writeFileSync(file, `${JSON.stringify({ TimeGenerated: '2026-01-01T00:00:00Z', Source: 'a lone rider' })}\n`);
    const queries = [
      { id: 1, query: 'search "rider" | project $table, Source' },
      { id: 2, query: 'let T_1 = view () { print x=1 }; union T*' },
      { id: 3, query: 'SecurityEvent | count' },
    ];
    const { stdout } = await cli.run(['query', '--batch', '--table', `Event=${file}`], {
      input: queries.map((query) => JSON.stringify(query)).join('\n'),
    });
    const answers = stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(answers.map(({ rows }) => rows)).toEqual([[['Event', 'a lone rider']], [[1]], [[0]]]);
  }, 60_000);

  it('answers with functions whose algorithm is not published, and says so unless told not to', async () => {
    const kql = 'print x = hash_combine(1, 2)';
    const warned = await cli.run(['query', kql, '--json']);
    expect(JSON.parse(warned.stdout).rows).toHaveLength(1);
    expect(warned.stderr).toContain('warning: 1:11: how Kusto computes hash_combine() is not published');
    const quiet = await cli.run(['query', kql, '--json', '--approximate']);
    expect(quiet).toMatchObject({ stdout: warned.stdout, stderr: '' });
  }, 60_000);
});
