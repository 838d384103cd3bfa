import { deployApp, TestStack } from '../support/full-stack';
import { type StorageProxies, startStorageProxies } from '../support/storage-proxies';
import { until } from '../support/until';
import { type EventRow, fullAttack, messages } from './samples';

const DCOM = 'Lateral Movement via DCOM';
const COUNT = 'Events of an hour';
const BY_COMPUTER = 'Events by computer';

const app = deployApp([
  'rules/lateral-movement-via-dcom.yaml',
  'test/e2e/rules/count.yaml',
  'test/e2e/rules/by-computer.yaml',
]);
let stack: TestStack;
let proxies: StorageProxies;

beforeAll(async () => {
  stack = await TestStack.start({
    app: app.directory,
    hubs: { events: 2, other: 2 },
    hosts: [['flush']],
  });
  proxies = await startStorageProxies(stack.stack);
}, 120_000);
afterAll(async () => {
  await proxies?.stop();
  await stack?.stop();
  app.remove();
}, 60_000);

const total = (alerts: readonly { Results: readonly Record<string, unknown>[] }[]): number =>
  alerts.flatMap(({ Results }) => Results).reduce((sum, row) => sum + Number(row.Count), 0);

describe('delivery', () => {
  it('again, after kill -9 between the table write and the checkpoint, changes nothing', async () => {
    const doomed = await stack.startHost(['evaluate'], { checkpointDelayMs: 60_000 });
    const rows = ['01', '02', '03', '04'].map((minute) => fullAttack(`2026-02-04T10:${minute}:00.0000000Z`));
    await stack.publish(messages(rows, 2));
    await stack.evaluated();
    expect(stack.events.filter(({ type }) => type === 'checkpoint')).toEqual([]);
    await doomed.kill();
    await stack.flush();
    const before = stack.latest(DCOM, '2026-02-04T11:00');
    expect(before).toHaveLength(1);

    const invocations = stack.events.length;
    await stack.startHost(['evaluate']);
    const again = () =>
      stack.events.slice(invocations).flatMap((event) => (event.type === 'checkpoint' ? [event.partitionId] : []));
    await until('both partitions to be delivered again', () => new Set(again()).size === 2);
    await stack.flush();
    expect(stack.latest(DCOM, '2026-02-04T11:00')).toEqual(before);
    expect(stack.latest(COUNT, '2026-02-04T11:00')[0]!.Results).toEqual([{ Count: 4 }]);
    // Not even sent a second time.
    const ids = stack.alerts().filter(({ WindowEnd }) => WindowEnd.startsWith('2026-02-04T11:00'));
    expect(ids).toHaveLength(new Set(ids.map(({ SystemAlertId }) => SystemAlertId)).size);
  }, 180_000);

  it('by two hubs with the same partition ids keeps them apart', async () => {
    const done: string[] = [];
    const other = await stack.startHost(['evaluate'], {
      env: { EVENT_HUB_NAME: 'other' },
      onEvent: (event) => {
        if (event.type === 'checkpoint') done.push(event.partitionId);
      },
    });
    const row = fullAttack('2026-02-04T12:30:00.0000000Z');
    for (const partition of ['0', '1']) await stack.publish([row, row], partition);
    for (const partition of ['0', '1']) await stack.publish([row, row, row], partition, 'other');
    await stack.evaluated();
    await until('the other hub', () => new Set(done).size === 2);
    await stack.flush();
    expect(stack.latest(COUNT, '2026-02-04T13:00')[0]!.Results).toEqual([{ Count: 10 }]);
    expect(stack.latest(DCOM, '2026-02-04T13:00')).toHaveLength(1);
    await other.stop();
  }, 180_000);

  it('of one message with 300 records in 300 groups, killed at every step of it, loses and doubles nothing', async () => {
    for (const host of stack.stack.hosts.filter(({ functions }) => functions.includes('evaluate'))) await host.stop();
    const rows = (hour: number): EventRow[] =>
      Array.from({ length: 300 }, (_, i) =>
        fullAttack(`2026-02-04T${hour}:10:00.0000000Z`, { Computer: `PC${i}.corp.example.com` }),
      );
    // The three rules commit 300 groups in four transactions each: killed in the first, the middle and the last of them, applied or not.
    const kills = [
      { at: 1, side: 'before' },
      { at: 3, side: 'after' },
      { at: 4, side: 'before' },
      { at: 7, side: 'after' },
    ] as const;
    for (const [i, { at, side }] of kills.entries()) {
      const hour = 14 + i;
      let commits = 0;
      let killed: Promise<void> | undefined;
      proxies.table.decide = (method, path, body) => {
        if (method !== 'POST' || !path.endsWith('$batch') || !body.includes('/OutriderState')) return 'pass';
        if (++commits !== at) return 'pass';
        const kill = (): void => {
          killed = doomed.kill();
        };
        return side === 'before' ? { before: kill } : { after: kill };
      };
      const doomed = await stack.startHost(['evaluate'], { env: proxies.env });
      await stack.publish([{ records: rows(hour) }]);
      await until(`the kill at commit ${at}`, () => killed !== undefined, 60_000);
      await killed;
      const next = await stack.startHost(['evaluate']);
      await stack.evaluated();
      await stack.flush();
      const end = `2026-02-04T${hour + 1}:00`;
      expect(stack.latest(COUNT, end)[0]!.Results).toEqual([{ Count: 300 }]);
      expect(stack.latest(BY_COMPUTER, end)[0]!.Results).toHaveLength(300);
      expect(total(stack.latest(BY_COMPUTER, end))).toBe(300);
      expect(stack.latest(DCOM, end)[0]!.Results).toHaveLength(300);
      await next.stop();
    }
    expect(stack.events.filter((event) => event.type === 'invocation' && !event.ok)).toEqual([]);
  }, 180_000);
});
