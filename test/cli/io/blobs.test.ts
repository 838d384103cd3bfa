import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { BlobServiceClient } from '@azure/storage-blob';
import { blobPlace, mayHold } from '../../../cli/io/blobs';
import { messageBodies } from '../../../cli/io/input';
import { expandInputs, rangeOf } from '../../../cli/io/sources';
import { useAzurite } from '../../support/azurite';
import { captureFile } from '../../support/capture';

const azurite = useAzurite();
const before = process.env.AZURE_STORAGE_CONNECTION_STRING;
afterAll(() => {
  if (before === undefined) delete process.env.AZURE_STORAGE_CONNECTION_STRING;
  else process.env.AZURE_STORAGE_CONNECTION_STRING = before;
});

const BLOBS: Readonly<Record<string, Buffer>> = {
  'ns/events/0/2026/03/14/15/00/00.avro': captureFile([
    [
      { body: '{"n":1}', time: '3/14/2026 3:01:00 PM' },
      { body: '{"n":2}', time: '3/14/2026 3:04:00 PM' },
    ],
  ]),
  'ns/events/0/2026/03/14/16/00/00.avro': captureFile([[{ body: '{"n":3}', time: '3/14/2026 4:01:00 PM' }]], {
    codec: 'deflate',
  }),
  'ns/events/1/2026/03/14/15/00/00.avro': captureFile([[{ body: '{"n":4}', time: '3/14/2026 3:02:00 PM' }]]),
  'export/y=2026/m=03/d=14/h=15/m=00/PT1H.json': Buffer.from('{"n":5}\n{"n":6}\n'),
  'export/y=2026/m=03/d=15/h=15/m=00/PT1H.json': Buffer.from('{"n":7}\n'),
  'other/a.ndjson.gz': gzipSync('{"n":8}\n'),
};

let account = '';
beforeAll(async () => {
  process.env.AZURE_STORAGE_CONNECTION_STRING = azurite.connectionString;
  const service = BlobServiceClient.fromConnectionString(azurite.connectionString);
  account = service.url.replace(/\/$/, '');
  const container = service.getContainerClient('events');
  await container.create();
  for (const [name, bytes] of Object.entries(BLOBS))
    await container.getBlockBlobClient(name).upload(bytes, bytes.length);
}, 60_000);

async function numbers(prefix: string, range: { from?: string; to?: string } = {}): Promise<number[]> {
  const found: number[] = [];
  for (const file of await expandInputs([`${account}/events/${prefix}`], rangeOf(range)))
    for await (const body of messageBodies(file)) found.push((JSON.parse(body.toString()) as { n: number }).n);
  return found;
}

describe('blobs as input', () => {
  it('are all that lie under a prefix, by name', async () => {
    expect(await numbers('ns/events')).toEqual([1, 2, 3, 4]);
    expect(await numbers('export/')).toEqual([5, 6, 7]);
    expect(await numbers('other/a.ndjson.gz')).toEqual([8]);
  });

  it('of a time range are told by their names, and captured messages by when they were enqueued', async () => {
    expect(await numbers('ns/', { from: '2026-03-14T15:03:00Z', to: '2026-03-14T15:30:00Z' })).toEqual([2]);
    expect(await numbers('ns/', { from: '2026-03-14T15:02:00Z' })).toEqual([2, 3, 4]);
    expect(await numbers('export', { from: '2026-03-15' })).toEqual([7]);
  });

  it('that are not there are said', async () => {
    await expect(numbers('nothing')).rejects.toThrow(/events\/nothing: there is no blob of these times/);
    await expect(expandInputs([`${account}/missing/x`], {})).rejects.toThrow(/missing\/x: /);
  });

  it('and files have one range', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'outrider-capture-'));
    try {
      writeFileSync(join(folder, 'x.avro'), BLOBS['ns/events/0/2026/03/14/15/00/00.avro']!);
      const [file] = await expandInputs([join(folder, 'x.avro')], rangeOf({ to: '2026-03-14T15:02:00Z' }));
      const bodies: string[] = [];
      for await (const body of messageBodies(file!)) bodies.push(body.toString());
      expect(bodies).toEqual(['{"n":1}']);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});

describe('an address of blobs', () => {
  it('names account, container and prefix', () => {
    expect(blobPlace('https://acc.blob.core.windows.net/c/a%20b/x?sv=1&sig=s')).toEqual({
      ...{ account: 'https://acc.blob.core.windows.net', container: 'c', prefix: 'a b/x', signature: '?sv=1&sig=s' },
    });
    expect(blobPlace('http://127.0.0.1:10000/dev/c')).toMatchObject({
      account: 'http://127.0.0.1:10000/dev',
      container: 'c',
      prefix: '',
    });
    expect(() => blobPlace('http://acc.blob.core.windows.net/c')).toThrow('https');
    expect(() => blobPlace('https://acc.blob.core.windows.net/')).toThrow('container');
  });

  it('whose name says no time may hold any', () => {
    const range = { from: Date.UTC(2026, 2, 14, 15), to: Date.UTC(2026, 2, 14, 16) };
    expect(mayHold('x/2026_03_14_14_50_00.avro', range)).toBe(true);
    expect(mayHold('x/2026/03/14/14/30/00.avro', range)).toBe(false);
    expect(mayHold('x/2026/03/14/16/02/00.avro', range)).toBe(false);
    expect(mayHold('x/y.avro', range)).toBe(true);
  });

  it('has a range of times that are times', () => {
    expect(rangeOf({ from: '2026-03-14', to: '2026-03-14 15:00' })).toEqual({
      from: Date.UTC(2026, 2, 14),
      to: Date.UTC(2026, 2, 14, 15),
    });
    expect(() => rangeOf({ from: 'soon' })).toThrow('--from soon');
    expect(() => rangeOf({ from: '2026-03-15', to: '2026-03-14' })).toThrow('before');
  });
});
