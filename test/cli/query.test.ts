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
});
