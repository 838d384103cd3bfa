import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { GroupsView, NowView } from '../../../src/board/types';
import { createEngine } from '../../../src/engine';
import { deadLetterWriter } from '../../../src/host/dead-letters';
import { openStorage } from '../../../src/host/operator';
import { planFileOf } from '../../../src/plan/rule-plan';
import { DEFAULT_SETTINGS } from '../../../src/plan/rule-settings';
import { useAzurite } from '../../support/azurite';
import { eventRow } from '../../support/board';
import { engineOptions } from '../../support/engine-options';
import { until } from '../../support/until';
import { testPlan } from '../../support/world';

jest.setTimeout(120_000);

const ROOT = join(__dirname, '..', '..', '..');
const RULE = '11111111-2222-4333-8444-bbbbbbbbbbbb';
const plan = testPlan({ id: RULE, query: 'Event | summarize count() by Computer' });
const azurite = useAzurite();
let folder: string;
const running: ChildProcess[] = [];

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'outrider-board-verb-'));
  writeFileSync(join(folder, 'plans.json'), JSON.stringify(planFileOf([plan])));
});
afterAll(() => {
  for (const child of running) child.kill('SIGKILL');
  rmSync(folder, { recursive: true, force: true });
});

/** The command as it is built. */
async function board(...args: string[]) {
  const child = spawn(
    process.execPath,
    [join(ROOT, 'dist/cli/outrider.js'), 'board', '--port', '0', '--json', ...args],
    {
      cwd: ROOT,
      env: {
        PATH: process.env.PATH,
        OUTRIDER_STORAGE: azurite.connectionString,
        OUTRIDER_TABLE_PREFIX: 'Board',
        OUTRIDER_PLANS: join(folder, 'plans.json'),
      },
      stdio: 'pipe',
    },
  );
  running.push(child);
  let stdout = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    stdout += text;
  });
  const ended = new Promise<number | null>((resolve) => child.once('close', resolve));
  await until('the address', () => stdout.includes('\n'));
  const { address, token } = JSON.parse(stdout) as { address: string; token?: string };
  return { child, address, token, ended };
}

describe('outrider board', () => {
  it('shows a deployed app from its tables, and sends letters again only with --write and the token', async () => {
    const app = await openStorage({ storage: { connectionString: azurite.connectionString }, tablePrefix: 'Board' });
    const options = { plans: [plan], tables: app.tables, deadLetters: deadLetterWriter(app.letters) };
    const engine = createEngine(engineOptions(app.store, options));
    const started = Date.now();
    await engine.flush(started);
    // In the window that closes next, at any minute of the hour: one whose grace is not over has not run.
    const at = new Date(started - DEFAULT_SETTINGS.graceMs).toISOString();
    const source = { namespace: 'n', hub: 'h', partition: '0', incarnation: 'once' };
    await engine.evaluate({
      source,
      messages: [eventRow(at), { no: 'table' }].map((row, i) => ({
        body: Buffer.from(JSON.stringify(row)),
        sequenceNumber: i,
        enqueuedTime: Date.now(),
      })),
    });
    const reading = await board();
    const get = async <T>(path: string): Promise<T> =>
      (await fetch(`${reading.address}api/${path}`)).json() as Promise<T>;
    expect(await get('session')).toMatchObject({
      host: 'remote',
      name: 'devstoreaccount1',
      mode: 'live',
      canWrite: false,
      hasWorkbench: true,
      hasSample: false,
      isLive: true,
    });
    const now = await get<NowView>('now');
    expect(now.partitions).toEqual([{ id: '0', sequenceNumber: 1, enqueuedTime: expect.any(Number) }]);
    expect(now.windows).toEqual([
      expect.objectContaining({
        ruleId: RULE,
        state: expect.stringMatching(/open|grace|due/),
        held: { groups: 1, rows: 0, matches: 1 },
      }),
    ]);
    expect(now).toMatchObject({ deadLetters: { count: 1 }, held: { groups: 1 } });
    const groups = await get<GroupsView>(`groups/${RULE}/${now.windows[0]!.end}`);
    expect(groups.legs[0]!.rows).toEqual([['ws1.corp.example', 1]]);
    const { letters } = await app.letters.list();
    const resend = (address: string, token: string) =>
      fetch(`${address}api/resend`, {
        method: 'POST',
        headers: { 'X-Outrider-Board': '1', 'X-Outrider-Token': token },
        body: JSON.stringify({ ids: letters.map(({ id }) => id) }),
      });
    expect(reading.token).toBeUndefined();
    expect((await resend(reading.address, '')).status).toBe(403);
    reading.child.kill('SIGINT');
    expect(await reading.ended).toBe(0);
    const writing = await board('--write');
    expect((await resend(writing.address, 'guess')).status).toBe(401);
    const sent = await resend(writing.address, writing.token!);
    expect(await sent.json()).toEqual({ results: [expect.objectContaining({ outcome: 'failed' })] });
    writing.child.kill('SIGTERM');
    expect(await writing.ended).toBe(0);
  });
});
