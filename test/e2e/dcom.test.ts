import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Alert } from '../../src/alerts/alert';
import { deployApp, outrider, TestStack } from '../support/full-stack';
import { attack, type EventRow, fullAttack, hasShared, messages, ordinary, SHARED_MESSAGES } from './samples';

const DCOM = 'Lateral Movement via DCOM';
const COUNT = 'Events of an hour';
const DCOM_FILE = 'rules/lateral-movement-via-dcom.yaml';
const RULES = [DCOM_FILE, 'test/e2e/rules/count.yaml'];

const app = deployApp(RULES);
let stack: TestStack;

beforeAll(async () => {
  stack = await TestStack.start({ app: app.directory });
}, 120_000);
afterAll(async () => {
  await stack?.stop();
  app.remove();
}, 60_000);

/** Sends rows through the stack and flushes. */
async function play(...rows: (EventRow | object | string | Buffer)[]): Promise<void> {
  await stack.publish(rows);
  await stack.evaluated();
  await stack.flush();
}

const count = (windowEnd: string): unknown => stack.latest(COUNT, windowEnd)[0]?.Results[0]?.Count;

/** What does not depend on when and how it was found. */
function essence(alert: Alert): Partial<Alert> {
  const { TimeGenerated, ProcessingEndTime, Revision, ...rest } = alert;
  return rest;
}

const blank = {
  DnsDomain: '',
  User: '',
  ParentImage: '',
  ParentProcessGuid: '',
  ParentCommandLine: '',
  ParentUser: '',
  Image: '',
  ProcessGuid: '',
  Description: '',
};

describe('the attack through the full stack', () => {
  it('gives one alert; the second parse blanks what this Sysmon does not say', async () => {
    await play(...messages([...ordinary(), attack()]));
    const alerts = stack.latest(DCOM, '2026-02-03T10:00');
    expect(alerts).toHaveLength(1);
    expect(alerts[0]!.Results).toEqual([
      {
        ...blank,
        EventID: 1,
        Computer: 'LAB-PC7',
        HostName: 'LAB-PC7',
        CommandLine: expect.stringMatching(/^C:\\Windows\\system32\\mmc\.exe -Embedding$/i),
        StartTime: attack().TimeGenerated,
        EndTime: attack().TimeGenerated,
      },
    ]);
    expect(alerts[0]).toMatchObject({ AlertSeverity: 'Medium', Techniques: 'T1021.003', Incomplete: false });
    expect(count('2026-02-03T10:00')).toBe(ordinary().length + 1);
  }, 180_000);

  it('fills all fields where Sysmon knows ParentUser', async () => {
    await play(fullAttack('2026-02-03T11:15:00.1234567Z'));
    const [alert, ...others] = stack.latest(DCOM, '2026-02-03T12:00');
    expect(others).toEqual([]);
    const [row] = alert!.Results;
    expect(row).toMatchObject({
      Computer: 'WS01.corp.example.com',
      HostName: 'WS01',
      DnsDomain: 'corp.example.com',
      ParentUser: 'NT AUTHORITY\\SYSTEM',
      StartTime: '2026-02-03T11:15:00.1234567Z',
    });
    expect(Object.entries(row!).filter(([, value]) => value === '' || value === null)).toEqual([]);
    expect(Object.keys(row!)).toHaveLength(15);
    expect(alert!.Entities.map(({ Type }) => Type).sort()).toEqual(['account', 'host', 'process']);
  }, 180_000);

  it('folds two events of one process into one row', async () => {
    await play(fullAttack('2026-02-03T13:10:00.0000000Z'), fullAttack('2026-02-03T13:20:00.0000000Z'));
    const [alert] = stack.latest(DCOM, '2026-02-03T14:00');
    expect(alert!.Results).toHaveLength(1);
    expect(alert!.Results[0]).toMatchObject({
      StartTime: '2026-02-03T13:10:00.0000000Z',
      EndTime: '2026-02-03T13:20:00.0000000Z',
    });
    expect(alert).toMatchObject({ StartTime: '2026-02-03T13:10:00.0000000Z', EndTime: '2026-02-03T13:20:00.0000000Z' });
  }, 180_000);

  it('sees two windows either side of the hour, to the tick', async () => {
    await play(fullAttack('2026-02-03T15:59:59.9999999Z'), fullAttack('2026-02-03T16:00:00.0000000Z'));
    const alerts = ['2026-02-03T16:00', '2026-02-03T17:00'].flatMap((end) => stack.latest(DCOM, end));
    expect(alerts.map(({ Results }) => Results[0]!.StartTime)).toEqual([
      '2026-02-03T15:59:59.9999999Z',
      '2026-02-03T16:00:00.0000000Z',
    ]);
    expect(new Set(alerts.map(({ SystemAlertId }) => SystemAlertId)).size).toBe(2);
  }, 180_000);

  it('published twice is two events: one alert still, the count doubled', async () => {
    const row = fullAttack('2026-02-03T18:30:00.0000000Z');
    await play(row, row);
    expect(stack.latest(DCOM, '2026-02-03T19:00')).toHaveLength(1);
    expect(stack.latest(DCOM, '2026-02-03T19:00')[0]!.Results).toHaveLength(1);
    expect(count('2026-02-03T19:00')).toBe(2);
  }, 180_000);

  it('counts a record of nearly 1 MB, and one whose EventData is no XML', async () => {
    const time = '2026-02-03T20:30:00.0000000Z';
    await play(
      attack(time, { EventData: `<Data>${'é"\\'.repeat(150_000)}` }),
      attack(time, { EventData: 'no <XML &' }),
    );
    expect(count('2026-02-03T21:00')).toBe(2);
    expect(await stack.letters()).toEqual([]);
  }, 180_000);

  it('puts what it cannot read in dead letters, each with its reason, and evaluates the rest', async () => {
    const good = fullAttack('2026-02-03T22:30:00.0000000Z');
    const random = Buffer.from(Array.from({ length: 700 }, (_, i) => (i * 7919 + (i >> 3) * 31) % 256));
    const bomb = `<!DOCTYPE b [<!ENTITY a "${'x'.repeat(100)}">${Array.from({ length: 20 }, (_, i) => `<!ENTITY a${i} "${`&a${i || ''};`.repeat(10)}">`).join('')}]><Event xmlns="http://schemas.microsoft.com/win/2004/08/events/event"><System>&a19;</System></Event>`;
    await play(
      random,
      '{"records":[null,1,"x",{"__proto__":{}}]}',
      JSON.stringify(good).slice(0, 300),
      bomb,
      `{"records":[${JSON.stringify(good)},{"Type":"Event","Computer":"no time"}]}`,
      '',
      `${'['.repeat(100_000)}${']'.repeat(100_000)}`,
    );
    expect(stack.latest(DCOM, '2026-02-03T23:00')).toHaveLength(1);
    expect(count('2026-02-03T23:00')).toBe(1);
    const letters = await stack.letters();
    const start = (body: string | Uint8Array): string => Buffer.from(body).toString('latin1').slice(0, 12);
    expect(letters.map(({ reason, record, body }) => `${record} ${reason} ${start(body)}`).sort()).toEqual(
      [
        `0 unknown-shape ${start(random)}`,
        '0 not-an-object null',
        '1 not-an-object 1',
        '2 not-an-object "x"',
        '3 unknown-shape {"__proto__"',
        `0 invalid-json ${start(JSON.stringify(good))}`,
        '0 invalid-xml <!DOCTYPE b ',
        '1 no-time {"Type":"Eve',
        '0 empty ',
        '0 not-an-object [[[[[[[[[[[[',
      ].sort(),
    );
    for (const letter of letters)
      expect(letter).toMatchObject({ partition: expect.stringMatching(/^[01]$/), detail: expect.any(String) });
    expect(stack.events.filter((event) => event.type === 'invocation' && !event.ok)).toEqual([]);
  }, 180_000);

  (hasShared ? it : it.skip)(
    'finds the one attack in real events',
    async () => {
      await play(...readFileSync(SHARED_MESSAGES, 'utf8').split('\n').filter(Boolean));
      const alerts = stack.latest(DCOM, '2019-');
      expect(alerts).toHaveLength(1);
      expect(alerts[0]!.Results).toEqual([
        {
          ...blank,
          EventID: 1,
          Computer: 'IEWIN7',
          HostName: 'IEWIN7',
          CommandLine: 'C:\\Windows\\system32\\mmc.exe -Embedding',
          StartTime: '2019-04-30T20:35:11.8560890Z',
          EndTime: '2019-04-30T20:35:11.8560890Z',
        },
      ]);
    },
    60_000,
  );

  it('is the same from outrider run', () => {
    const file = join(app.directory, 'input.ndjson');
    const own = messages([...ordinary(), attack()]).map((message) => JSON.stringify(message));
    writeFileSync(file, own.join('\n'));
    const files = hasShared ? [file, SHARED_MESSAGES] : [file];
    const offline = outrider('run', '--rules', DCOM_FILE, '--input', ...files)
      .split('\n')
      .filter(Boolean)
      .map((line) => essence(JSON.parse(line) as Alert));
    const same = [...(hasShared ? stack.latest(DCOM, '2019-') : []), ...stack.latest(DCOM, '2026-02-03T10:00')];
    expect(offline).toHaveLength(same.length);
    expect(offline).toEqual(same.map(essence));
  }, 180_000);
});
