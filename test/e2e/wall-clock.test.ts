import { deployApp, TestStack } from '../support/full-stack';
import { until } from '../support/until';
import { attack, type EventRow, fullAttack } from './samples';

const DCOM = 'Lateral Movement via DCOM';
const COUNT = 'Events of an hour';
const SILENCE = 'No heartbeat';
const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
/** The hour that the tests begin in. */
const START = Date.UTC(2026, 1, 5, 8);

const app = deployApp([
  'rules/lateral-movement-via-dcom.yaml',
  'test/e2e/rules/count.yaml',
  'test/e2e/rules/silence.yaml',
]);
let stack: TestStack;

/** Sets the time of the hub and of the flush. */
async function at(hours: number, minutes = 0): Promise<void> {
  const now = START + hours * HOUR + minutes * MINUTE;
  await stack.stack.emulator.setTime(stack.stack.hub, now);
  stack.setFlushTime(now);
}

const time = (hours: number, minutes = 0): string =>
  `${new Date(START + hours * HOUR + minutes * MINUTE).toISOString().slice(0, -1)}0000Z`;
const end = (hours: number): string => time(hours).slice(0, 16);
const both = async (row: EventRow): Promise<void> => {
  for (const partition of ['0', '1']) await stack.publish([row], partition);
};
const ofWindow = (rule: string, hours: number) => {
  const alerts = stack.latest(rule, end(hours));
  return alerts.map(({ Revision, Status, Incomplete, Results }) => ({
    Revision,
    Status,
    Incomplete,
    rows: Results.length,
    count: Results[0]?.Count,
  }));
};

beforeAll(async () => {
  stack = await TestStack.start({
    app: app.directory,
    hosts: [],
    env: { OUTRIDER_MODE: 'live', OUTRIDER_GRACE: '5m', OUTRIDER_MAX_WAIT: '2h', OUTRIDER_MAX_LATE: '24h' },
  });
  // Long enough before the first window for it to be whole: a new rule's are from 70 minutes on.
  await at(-2, 30);
  await stack.startFlushHost();
  await stack.startHost(['evaluate']);
  // Puts the rules in force.
  await stack.flush();
}, 120_000);
afterAll(async () => {
  await stack?.stop();
  app.remove();
}, 60_000);

describe('the clock of the wall', () => {
  it('closes a window once its grace is over, also where the last batches of a partition matched nothing', async () => {
    await at(0, 10);
    await both(attack(time(0, 9)));
    await stack.evaluated();
    // No rule is for these, and no more events come for hours.
    await both({ Type: 'Heartbeat', Computer: 'A', TimeGenerated: time(0, 10) } as never);
    await stack.publish([{ Type: 'DnsEvents', TimeGenerated: time(0, 11) }], '1');
    await stack.evaluated();
    await at(1, 4);
    await stack.flush();
    expect(ofWindow(COUNT, 1)).toEqual([]);
    await at(1, 6);
    await stack.flush();
    expect(ofWindow(COUNT, 1)).toEqual([{ Revision: 1, Status: 'New', Incomplete: false, rows: 1, count: 2 }]);
    expect(ofWindow(DCOM, 1)).toEqual([{ Revision: 1, Status: 'New', Incomplete: false, rows: 1, count: undefined }]);
  }, 180_000);

  it('waits through an outage, and then says what it would have said', async () => {
    await stack.host('evaluate').stop();
    await at(1, 30);
    await both(fullAttack(time(1, 29)));
    await at(2, 30);
    await both(fullAttack(time(2, 29)));
    await at(3, 6);
    await stack.flush();
    expect([...ofWindow(COUNT, 2), ...ofWindow(DCOM, 2), ...ofWindow(COUNT, 3)]).toEqual([]);
    await stack.startHost(['evaluate']);
    await stack.evaluated();
    await stack.flush();
    for (const hours of [2, 3]) {
      expect(ofWindow(COUNT, hours)).toEqual([{ Revision: 1, Status: 'New', Incomplete: false, rows: 1, count: 2 }]);
      expect(ofWindow(DCOM, hours)).toHaveLength(1);
    }
  }, 180_000);

  it('waits no longer than it may: Incomplete first, corrected under the same id later', async () => {
    await at(3, 20);
    await both(fullAttack(time(3, 19)));
    await stack.evaluated();
    await stack.host('evaluate').stop();
    await at(3, 30);
    await both(fullAttack(time(3, 29)));
    await at(4, 6);
    await stack.flush();
    expect(ofWindow(COUNT, 4)).toEqual([]);
    await at(6, 7);
    await stack.flush();
    const [first] = stack.latest(COUNT, end(4));
    expect(first).toMatchObject({ Revision: 1, Incomplete: true, Results: [{ Count: 2 }] });
    await stack.startHost(['evaluate']);
    await stack.evaluated();
    await stack.flush();
    const [second, ...others] = stack.latest(COUNT, end(4));
    expect(others).toEqual([]);
    expect(second).toMatchObject({
      Revision: 2,
      Incomplete: false,
      Results: [{ Count: 4 }],
      SystemAlertId: first!.SystemAlertId,
    });
  }, 180_000);

  it('corrects for a late event under the same id, and gives an alert where there was none', async () => {
    const [before] = stack.latest(COUNT, end(1));
    await at(6, 20);
    await stack.publish([attack(time(0, 30))]);
    await stack.evaluated();
    await stack.flush();
    const [after] = stack.latest(COUNT, end(1));
    expect(after).toMatchObject({ Revision: 2, SystemAlertId: before!.SystemAlertId, Results: [{ Count: 3 }] });
    // Nothing was there in this hour.
    expect(stack.latest(DCOM, end(5))).toEqual([]);
    await stack.publish([fullAttack(time(4, 30))]);
    await stack.evaluated();
    await stack.flush();
    expect(ofWindow(DCOM, 5)).toEqual([{ Revision: 1, Status: 'New', Incomplete: false, rows: 1, count: undefined }]);
  }, 180_000);

  it('says nothing twice where a late event changes no result', async () => {
    const sent = stack.alerts().filter(({ AlertName }) => AlertName === DCOM).length;
    const [known] = stack.latest(DCOM, end(5));
    await stack.publish([fullAttack(String(known!.Results[0]!.StartTime))]);
    await stack.evaluated();
    await stack.flush();
    expect(stack.alerts().filter(({ AlertName }) => AlertName === DCOM)).toHaveLength(sent);
  }, 180_000);

  it('withdraws an alert whose row is gone', async () => {
    await at(7, 6);
    await stack.flush();
    const [alarm] = stack.latest(SILENCE, end(7));
    expect(alarm).toMatchObject({ Status: 'New', Revision: 1 });
    await stack.publish([attack(time(6, 59))]);
    await stack.evaluated();
    await stack.flush();
    const [taken] = stack.latest(SILENCE, end(7));
    expect(taken).toMatchObject({ Status: 'Withdrawn', Revision: 2, SystemAlertId: alarm!.SystemAlertId });
  }, 180_000);

  it('puts what is too late or too early in dead letters, by the time it was enqueued', async () => {
    await at(30);
    await stack.publish([attack(time(5, 59)), attack(time(31, 1)), attack(time(6, 1)), attack(time(30, 59))], '0');
    await stack.evaluated();
    const letters = await stack.letters();
    expect(letters.map(({ reason }) => reason).sort()).toEqual(['too-early', 'too-late']);
  }, 180_000);

  it('catches up with missed ticks in order', async () => {
    await at(31, 6);
    await until('all windows', async () => {
      await stack.flush();
      return stack.latest(SILENCE, end(30)).length > 0;
    });
    const ends = stack.latest(SILENCE).map(({ WindowEnd }) => WindowEnd);
    for (let hours = 8; hours <= 30; hours++) expect(ends).toContain(time(hours));
    expect(stack.events.filter((event) => event.type === 'invocation' && !event.ok)).toEqual([]);
  }, 180_000);
});
