import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { DeadLetter } from '../../src/deadletters/record';
import { type AppStorage, openStorage } from '../../src/host/operator';
import { planFileOf } from '../../src/plan/rule-plan';
import { useAzurite } from '../support/azurite';
import { buildCli, type Cli } from '../support/cli';
import { testPlan } from '../support/world';

jest.setTimeout(120_000);

const azurite = useAzurite();
const RULE = '11111111-2222-4333-8444-aaaaaaaaaaaa';
const NOW = Date.now();
let cli: Cli;
let folder: string;
let env: Record<string, string>;
let app: AppStorage;

beforeAll(() => {
  cli = buildCli();
  folder = mkdtempSync(join(tmpdir(), 'outrider-letters-'));
  const plan = testPlan({ id: RULE, query: 'Event | where EventID == 7 | summarize count() by Computer' });
  writeFileSync(join(folder, 'plans.json'), JSON.stringify(planFileOf([plan])));
});
let tests = 0;
beforeEach(async () => {
  const prefix = `Test${++tests}`;
  env = {
    OUTRIDER_STORAGE: azurite.connectionString,
    OUTRIDER_TABLE_PREFIX: prefix,
    OUTRIDER_PLANS: join(folder, 'plans.json'),
  };
  app = await openStorage({ storage: { connectionString: azurite.connectionString }, tablePrefix: prefix });
});
afterAll(() => {
  cli?.remove();
  rmSync(folder, { recursive: true, force: true });
});

const letter = (n: number, more: Partial<DeadLetter> = {}): DeadLetter => ({
  source: 'ns/events',
  partition: '0',
  sequenceNumber: n,
  record: 0,
  enqueuedTime: NOW,
  reason: 'unknown-shape',
  detail: 'd',
  storedAt: NOW,
  body: row(7, NOW),
  ...more,
});
const row = (EventID: number, at: number) =>
  JSON.stringify({ Type: 'Event', TimeGenerated: new Date(at).toISOString(), Computer: 'A', EventID });
const lines = (text: string) =>
  text
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
const letters = async () => (await app.letters.list({ pageSize: 1000 })).letters;

describe('outrider deadletters', () => {
  it('lists, pages, chooses and counts', async () => {
    await app.letters.write([
      ...Array.from({ length: 7 }, (_, n) => letter(n)),
      letter(8, { reason: 'too-late', enqueuedTime: NOW - 3 * 86_400_000 }),
      letter(9, { reason: 'rule-failed', ruleId: RULE, detail: '\u001b[2J\u202etext' }),
    ]);
    const all = await cli.run(['deadletters', 'list', '--json'], { env });
    expect(all.code).toBe(0);
    expect(lines(all.stdout)).toHaveLength(9);
    expect(lines(all.stdout)[0]).toMatchObject({ reason: 'too-late', sequenceNumber: 8 });
    const first = await cli.run(['deadletters', 'list', '--json', '--limit', '4'], { env });
    const after = /--after (\S+)/.exec(first.stderr)![1]!;
    const second = await cli.run(['deadletters', 'list', '--json', '--after', after], { env });
    expect([...lines(first.stdout), ...lines(second.stdout)]).toEqual(lines(all.stdout));
    const chosen = await cli.run(
      ['deadletters', 'list', '--json', '--reason', 'too-late', 'rule-failed', '--since', '2d'],
      {
        env,
      },
    );
    expect(lines(chosen.stdout)).toEqual([expect.objectContaining({ ruleId: RULE })]);
    const counted = await cli.run(['deadletters', 'list', '--count', '--json'], { env });
    expect(JSON.parse(counted.stdout)).toMatchObject({
      total: 9,
      counts: [{ reason: 'unknown-shape', count: 7 }, { count: 1 }, { count: 1 }],
    });
    const table = await cli.run(['deadletters', 'list', '--rule', RULE], { env });
    expect(table.stdout).toContain('\\x1b[2J\\u{202e}text');
    expect(table.stdout).toContain(lines(chosen.stdout)[0].id);
    expect(table.stdout).not.toContain('\u001b');
  });

  it('shows a record so that none of it acts on a terminal; --raw gives its bytes', async () => {
    const body = '{"a":"\u001b]0;owned\u0007"}\n\u202enext\r';
    const bytes = Buffer.from([0xff, 0x00, 0x1b, 0x41]);
    await app.letters.write([
      letter(1, { body }),
      letter(2, { body: bytes }),
      letter(3, { body: 'x'.repeat(200_000) }),
    ]);
    await app.letters.write([letter(9, { incarnation: '2026-01-01T00:00:00Z', sourceId: '0'.repeat(20) })]);
    const known = (await letters()).find(({ incarnation }) => incarnation !== undefined)!.id;
    const ofHub = await cli.run(['deadletters', 'show', known], { env });
    expect(ofHub.stdout).toContain('ns/events (made 2026-01-01T00:00:00Z), partition 0');
    await app.letters.delete(known);
    const [text, binary, long] = (await letters()).map(({ id }) => id) as [string, string, string];
    const shown = await cli.run(['deadletters', 'show', text], { env });
    expect(shown.code).toBe(0);
    expect(shown.stdout).toContain('reason     unknown-shape');
    expect(shown.stdout).toMatch(/\\x1b\]0;owned\\x07/);
    expect(shown.stdout).not.toMatch(/[\u001b\u0007\u202e\r]/);
    expect((await cli.run(['deadletters', 'show', text, '--raw'], { env })).stdout).toBe(body);
    const json = await cli.run(['deadletters', 'show', binary, '--json'], { env });
    expect(Buffer.from(JSON.parse(json.stdout).bodyBase64, 'base64')).toEqual(bytes);
    expect((await cli.run(['deadletters', 'show', binary], { env })).stdout).not.toContain('\u001b');
    const cut = await cli.run(['deadletters', 'show', long], { env });
    expect(cut.stderr).toContain('180000 characters more');
    const missing = await cli.run(['deadletters', 'show', 'no\u001bne'], { env });
    expect(missing.code).toBe(1);
    expect(missing.stderr).not.toContain('\u001b');
  });

  it('sends again what is chosen, and says what became of each', async () => {
    await app.letters.write([
      letter(1),
      letter(2, { body: row(1, NOW) }),
      letter(3, { body: '{"half' }),
      letter(4, { reason: 'too-late', body: row(7, NOW - 30 * 86_400_000) }),
    ]);
    const dry = await cli.run(['deadletters', 'resend', '--all', '--dry-run', '--json'], { env });
    expect(lines(dry.stdout).map(({ outcome }) => outcome)).toEqual(['counted', 'no-match', 'failed', 'failed']);
    expect(await letters()).toHaveLength(4);
    const done = await cli.run(['deadletters', 'resend', '--all', '--reason', 'unknown-shape', '--json'], { env });
    expect(done.code).toBe(1);
    expect(lines(done.stdout).map(({ outcome }) => outcome)).toEqual(['counted', 'no-match', 'failed']);
    const left = await letters();
    expect(left.map(({ sequenceNumber }) => sequenceNumber)).toEqual([3, 4]);
    const late = await cli.run(['deadletters', 'resend', left[1]!.id, '--accept-late'], { env });
    expect(late).toMatchObject({ code: 1, stdout: expect.stringContaining('has expired') });
    const month = 30 * 86_400_000;
    await app.letters.write([letter(5, { reason: 'too-early', body: row(1, NOW + month) })]);
    const ahead = (await letters()).find(({ sequenceNumber }) => sequenceNumber === 5)!.id;
    const refused = await cli.run(['deadletters', 'resend', ahead], { env });
    expect(refused).toMatchObject({ code: 1, stdout: expect.stringContaining('see --accept-early') });
    const accepted = await cli.run(['deadletters', 'resend', ahead, '--accept-early'], { env });
    expect(accepted).toMatchObject({ code: 1, stdout: expect.stringContaining('is still too far in the future') });
    await app.letters.write([letter(1)]);
    const again = await cli.run(['deadletters', 'resend', '--all', '--json', '--rule', RULE], { env });
    expect(again).toMatchObject({ code: 0, stdout: '' });
    const ids = (await letters()).filter(({ sequenceNumber }) => sequenceNumber === 1).map(({ id }) => id);
    const twice = await cli.run(['deadletters', 'resend', ...ids], { env });
    expect(twice).toMatchObject({ code: 0, stdout: expect.stringContaining('was counted before; removed') });
  });

  it('reads settings from a file, and says what is missing with exit code 2', async () => {
    await app.letters.write([letter(1)]);
    const settings = join(folder, 'local.settings.json');
    writeFileSync(settings, JSON.stringify({ Values: env }));
    const found = await cli.run(['deadletters', 'list', '--settings', settings, '--json']);
    expect(lines(found.stdout)).toHaveLength(1);
    for (const args of [
      ['list'],
      ['resend', 'x', '--all', '--settings', settings],
      ['list', '--after', 'x', '--settings', settings],
    ]) {
      expect((await cli.run(['deadletters', ...args])).code).toBe(2);
    }
  });
});
