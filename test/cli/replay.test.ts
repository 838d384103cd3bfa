import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { EventHubConsumerClient, earliestEventPosition, type ReceivedEventData } from '@azure/event-hubs';
import { type EventHubsEmulator, startEventHubsEmulator } from '../../local/event-hubs-emulator/emulator';
import { partitionForKey } from '../../local/event-hubs-emulator/partition-key';
import { buildCli, type Cli } from '../support/cli';

jest.setTimeout(60_000);

const PARTITIONS = 4;
let emulator: EventHubsEmulator;
let cli: Cli;
let folder: string;
let env: Record<string, string>;
let hubs = 0;

beforeAll(async () => {
  const names = Array.from({ length: 10 }, (_, n) => `h${n}`);
  emulator = await startEventHubsEmulator({ hubs: Object.fromEntries(names.map((name) => [name, PARTITIONS])) });
  cli = buildCli();
  folder = mkdtempSync(join(tmpdir(), 'outrider-replay-'));
});
beforeEach(() => {
  env = { EventHubConnection: emulator.connectionString, EVENT_HUB_NAME: `h${hubs++}` };
});
afterAll(async () => {
  await emulator?.stop();
  cli?.remove();
  rmSync(folder, { recursive: true, force: true });
});

function file(name: string, content: string | Buffer): string {
  writeFileSync(join(folder, name), content);
  return join(folder, name);
}

/** Everything in the hub of this test. */
async function received(): Promise<(ReceivedEventData & { partition: string })[]> {
  const client = new EventHubConsumerClient('$Default', emulator.connectionString, env.EVENT_HUB_NAME!);
  try {
    const all: (ReceivedEventData & { partition: string })[] = [];
    for (const partition of await client.getPartitionIds()) {
      const { isEmpty, lastEnqueuedSequenceNumber } = await client.getPartitionProperties(partition);
      if (isEmpty) continue;
      await new Promise<void>((resolve, reject) => {
        const subscription = client.subscribe(
          partition,
          {
            processError: async (error) => reject(error),
            async processEvents(events) {
              for (const event of events) all.push({ ...event, partition });
              if ((all.at(-1)?.sequenceNumber ?? -1) < lastEnqueuedSequenceNumber) return;
              await subscription.close();
              resolve();
            },
          },
          { startPosition: earliestEventPosition, skipParsingBodyAsJson: true },
        );
      });
    }
    return all;
  } finally {
    await client.close();
  }
}
const text = ({ body }: ReceivedEventData): string => (body as Buffer).toString('utf8');

describe('outrider replay', () => {
  it('sends each line as a message, byte for byte, from several files', async () => {
    const lines = ['{"n":1,"big":12345678901234567890}', '{"n":2,"s":"\\u0000ü"}', 'not json'];
    const first = file('a.ndjson', `${lines.join('\n')}\n\n`);
    const second = file('b.ndjson.gz', gzipSync('{"n":3}'));
    const xml = '<Event xmlns="x"><System/></Event>';
    const result = await cli.run(['replay', '--input', first, second, file('c.xml', xml), '--json'], { env });
    expect(result).toMatchObject({ code: 0, stderr: '' });
    expect(JSON.parse(result.stdout)).toMatchObject({ sent: 5, dryRun: false, tooLarge: [] });
    expect((await received()).map(text).sort()).toEqual([...lines, '{"n":3}', xml].sort());
  });

  it('keeps the events of one key on one partition, in order', async () => {
    const computers = ['dc01', 'ws-1', 'ws-2', 'ws-3', 'ws-4'];
    const rows = Array.from({ length: 200 }, (_, n) => ({ Computer: computers[n % 5], n }));
    const input = rows.map((row) => JSON.stringify(row)).join('\n');
    const result = await cli.run(['replay', '--input', file('k.ndjson', input), '--partition-key', 'Computer'], {
      env,
    });
    expect(result.code).toBe(0);
    const events = await received();
    expect(events).toHaveLength(200);
    for (const computer of computers) {
      const own = events.filter((event) => JSON.parse(text(event)).Computer === computer);
      expect(own.map((event) => JSON.parse(text(event)).n)).toEqual(
        rows.filter((row) => row.Computer === computer).map(({ n }) => n),
      );
      expect(new Set(own.map(({ partition }) => partition))).toEqual(
        new Set([String(partitionForKey(computer, PARTITIONS))]),
      );
    }
  });

  it('moves times so that the last event is now', async () => {
    const row = (time: string) => JSON.stringify({ Type: 'Event', TimeGenerated: time });
    const input = file('t.ndjson', [row('2019-05-12T10:00:00.5Z'), row('2019-05-12T08:00:00Z'), '{"a":1}'].join('\n'));
    const before = Date.now();
    const result = await cli.run(['replay', '--input', input, '--shift', 'now'], { env });
    expect(result.code).toBe(0);
    expect(result.stderr).toContain('1 messages have no TimeGenerated');
    const times = (await received()).flatMap((event) => JSON.parse(text(event)).TimeGenerated ?? []).sort();
    const [earlier, last] = times.map((time: string) => Date.parse(time)) as [number, number];
    expect(last - earlier).toBe(2 * 3_600_000 + 500);
    expect(last).toBeGreaterThanOrEqual(before);
    expect(last).toBeLessThanOrEqual(Date.now());
  });

  it('names what is too large, sends the rest and ends with 1; a large array goes out as its elements', async () => {
    const large = JSON.stringify({ big: 'x'.repeat(1024 * 1024) });
    const input = file('large.ndjson', ['{"n":1}', large, '{"n":2}'].join('\n'));
    const elements = Array.from({ length: 12 }, (_, n) => `{"n": ${n}, "s": "]}${'y'.repeat(100_000)}"}`);
    const array = file('array.json', `[\n${elements.join(',\n')}\n]`);
    const result = await cli.run(['replay', '--input', input, array], { env });
    expect(result.code).toBe(1);
    expect(result.stderr).toContain(`${input}: message 2 is too large for an event hub (${large.length} bytes`);
    expect((await received()).map(text).sort()).toEqual(['{"n":1}', '{"n":2}', ...elements].sort());
  });

  it('keeps a rate', async () => {
    const input = file('r.ndjson', Array.from({ length: 30 }, (_, n) => `{"n":${n}}`).join('\n'));
    const started = Date.now();
    const result = await cli.run(['replay', '--input', input, '--rate', '20'], { env });
    expect(result.code).toBe(0);
    expect(Date.now() - started).toBeGreaterThan(1_400);
    expect(await received()).toHaveLength(30);
  });

  it('sends nothing in a dry run, and needs no hub for it', async () => {
    const input = file('d.ndjson', `{"n":1}\n${'z'.repeat(1024 * 1024)}`);
    const result = await cli.run(['replay', '--input', input, '--dry-run', '--json']);
    expect(result.code).toBe(1);
    expect(JSON.parse(result.stdout)).toMatchObject({ sent: 1, dryRun: true, tooLarge: [{ message: 2 }] });
  });

  it('says what is missing, without showing a key, and exits with 2', async () => {
    const input = file('u.ndjson', '{}');
    const secret = 'Endpoint=sb://x/;SharedAccessKeyName=k;SharedAccessKey=c2VjcmV0;EntityPath=other';
    for (const [args, more, message] of [
      [[], {}, 'EventHubConnection'],
      [[], { EventHubConnection: 'Endpoint=sb://x/;SharedAccessKey=c2VjcmV0' }, 'EVENT_HUB_NAME'],
      [['--connection', secret, '--hub', 'events'], {}, "'other'"],
      [['--connection', 'c2VjcmV0'], {}, 'Endpoint=sb://'],
      [['--shift', 'yesterday'], { EventHubConnection: secret }, '--shift yesterday'],
      [['--settings', 'nowhere.json'], {}, 'nowhere.json'],
    ] as const) {
      const result = await cli.run(['replay', '--input', input, ...args], { env: { ...more } });
      expect(result).toMatchObject({ code: 2, stdout: '' });
      expect(result.stderr).toContain(message);
      expect(result.stderr).not.toContain('c2VjcmV0');
    }
    expect((await cli.run(['replay', '--input', join(folder, 'missing.ndjson')])).code).toBe(2);
  });

  it('takes settings from a file alone when it is named', async () => {
    const settings = file('local.settings.json', JSON.stringify({ IsEncrypted: false, Values: env }));
    const input = file('s.ndjson', '{"n":"settings"}');
    const result = await cli.run(['replay', '--input', input, '--settings', settings], {
      env: { EventHubConnection: 'Endpoint=sb://127.0.0.1:1/;SharedAccessKeyName=k;SharedAccessKey=k' },
    });
    expect(result.code).toBe(0);
    expect((await received()).map(text)).toContain('{"n":"settings"}');
  });
});
