import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createEngine, DEFAULTS } from '../../src/engine';
import { writeHeartbeat } from '../../src/engine/heartbeat';
import { deadLetterWriter } from '../../src/host/dead-letters';
import { openStorage } from '../../src/host/operator';
import { planFileOf } from '../../src/plan/rule-plan';
import { useAzurite } from '../support/azurite';
import { buildCli, type Cli } from '../support/cli';
import { testPlan } from '../support/world';

jest.setTimeout(120_000);

const azurite = useAzurite();
const RULE = '11111111-2222-4333-8444-aaaaaaaaaaaa';
const plan = testPlan({ id: RULE, query: 'Event | summarize count() by Computer' });
const HOUR = 3_600_000;
let cli: Cli;
let folder: string;

beforeAll(() => {
  cli = buildCli();
  folder = mkdtempSync(join(tmpdir(), 'outrider-status-'));
  writeFileSync(join(folder, 'plans.json'), JSON.stringify(planFileOf([plan])));
});
afterAll(() => {
  cli?.remove();
  rmSync(folder, { recursive: true, force: true });
});

describe('outrider status', () => {
  it('tells from the tables of an app how it does', async () => {
    const connectionString = azurite.connectionString;
    const env = {
      OUTRIDER_STORAGE: connectionString,
      OUTRIDER_TABLE_PREFIX: 'Status',
      OUTRIDER_PLANS: join(folder, 'plans.json'),
    };
    const empty = await cli.run(['status', '--json'], { env });
    expect(empty.code).toBe(1);
    expect(JSON.parse(empty.stdout)).toMatchObject({ status: 'down', held: { groups: 0 }, rules: [] });

    const app = await openStorage({ storage: { connectionString }, tablePrefix: 'Status' });
    const engine = createEngine({
      ...DEFAULTS,
      plans: [plan],
      // The flush below is two hours ahead, which the clock of the real tables would not have.
      store: Object.assign(Object.create(app.store), { time: undefined }),
      tables: app.tables,
      sinks: [
        { name: 'gone', send: async (alerts) => ({ failed: alerts.map((_, index) => ({ index, reason: 'x' })) }) },
      ],
      deadLetters: deadLetterWriter(app.letters),
      mode: 'live',
      log: () => undefined,
    });
    const now = Date.now();
    // The window that the rule began with has run; the one with these events is still open.
    await engine.flush(now);
    const event = (Computer: string) => ({
      Type: 'Event',
      TimeGenerated: new Date(now).toISOString(),
      Computer,
      EventID: 1,
    });
    for (const partition of ['0', '1'])
      await engine.evaluate({
        source: { namespace: 'n', hub: 'h', partition },
        messages: [event('A'), event('B'), event(`only in ${partition}`)].map((one, sequenceNumber) => ({
          body: Buffer.from(JSON.stringify(one)),
          sequenceNumber,
          enqueuedTime: now,
        })),
      });
    await writeHeartbeat(app.store, app.tables.control, now, DEFAULTS.maxLateMs);
    const well = await cli.run(['status', '--json'], { env });
    expect(JSON.parse(well.stdout)).toMatchObject({
      status: 'ok',
      held: { groups: 6, rows: 0, more: false },
      rules: [{ ruleId: RULE, waitingSince: 0 }],
      pending: [],
    });
    expect(well.code).toBe(0);

    await engine.flush(now + 2 * HOUR);
    await app.store.transact(app.tables.control, 'tables', [
      { kind: 'upsert', rowKey: 'Event', properties: { at: now } },
    ]);
    const failing = await cli.run(['status'], { env });
    expect(failing.code).toBe(1);
    expect(failing.stdout).toMatch(/delivery +degraded +the sink gone fails/);
    expect(failing.stdout).toContain('Event was last seen at');
    expect(failing.stderr).toContain('The hub was not asked');
  });
});
