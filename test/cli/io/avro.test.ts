import fc from 'fast-check';
import { type AvroItem, capturedMessages } from '../../../cli/io/avro';
import { captureFile } from '../../support/capture';

async function* pieces(bytes: Buffer, size = 7): AsyncGenerator<Buffer> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}
async function read(bytes: Buffer, size?: number) {
  const items: AvroItem[] = [];
  for await (const item of capturedMessages(pieces(bytes, size))) items.push(item);
  return {
    bodies: items.flatMap((item) => ('message' in item ? [item.message.body.toString()] : [])),
    times: items.flatMap((item) => ('message' in item ? [item.message.enqueuedTime] : [])),
    problems: items.flatMap((item) => ('problem' in item ? [item.problem] : [])),
  };
}
const message = (body: string | null, time = '3/14/2026 3:05:30 PM') => ({ body, time });
const FILE = [[message('a'), message('b')], [message('c')], [message('d')]];

describe('a Capture file', () => {
  it.each(['null', 'deflate'])('gives its messages in order, packed as %s', async (codec) => {
    for (const size of [1, 7, 100_000])
      expect(await read(captureFile(FILE, { codec }), size)).toMatchObject({
        bodies: ['a', 'b', 'c', 'd'],
        problems: [],
      });
  });

  it('says when they were enqueued', async () => {
    const times = [
      '3/14/2026 3:05:30 PM',
      '12/1/2026 12:00:00 AM',
      '1/2/2026 12:30:00 PM',
      '2026-03-14T15:05:30.5Z',
      'soon',
    ];
    expect((await read(captureFile([times.map((time) => message('x', time))]))).times).toEqual([
      Date.UTC(2026, 2, 14, 15, 5, 30),
      Date.UTC(2026, 11, 1),
      Date.UTC(2026, 0, 2, 12, 30),
      Date.UTC(2026, 2, 14, 15, 5, 30, 500),
      undefined,
    ]);
  });

  it('without bodies, or empty, gives none', async () => {
    expect(await read(captureFile([[message(null), message('a')]]))).toMatchObject({ bodies: ['a'], problems: [] });
    expect(await read(Buffer.alloc(0))).toMatchObject({ bodies: [], problems: [] });
    expect(await read(captureFile([]))).toMatchObject({ bodies: [], problems: [] });
  });

  it('that is damaged loses the block, and says so', async () => {
    const bytes = captureFile(FILE);
    const starts = [...bytes.toString('latin1').matchAll(/0123456789abcdef/g)].map(({ index }) => index + 16);
    const damaged = Buffer.from(bytes);
    damaged.fill(0xff, starts[1]!, starts[1]! + 3);
    expect(await read(damaged)).toMatchObject({
      bodies: ['a', 'b', 'd'],
      problems: [`no block begins at ${starts[1]}`],
    });
    const longer = Buffer.from(bytes);
    longer[starts[0]! + 1]! += 40;
    expect((await read(longer)).bodies).toEqual(['c', 'd']);
    expect(await read(bytes.subarray(0, bytes.length - 20))).toMatchObject({
      bodies: ['a', 'b', 'c'],
      problems: [`the block at ${starts[2]} is cut off`],
    });
  });

  it('that says a great deal of a few bytes is bounded', async () => {
    const bomb = captureFile([[message('0'.repeat(40 * 1024 * 1024))]], { codec: 'deflate' });
    expect((await read(bomb, 1_000_000)).problems).toEqual([
      expect.stringMatching(/^the block at \d+ cannot be unpacked/),
    ]);
  });

  it('of another kind is refused', async () => {
    await expect(read(Buffer.from('{"a":1}'))).rejects.toThrow('no Avro container file');
    await expect(read(captureFile([], { codec: 'snappy' }))).rejects.toThrow("codec is 'snappy'");
    const other = { type: 'record', name: 'R', fields: [{ name: 'a', type: 'int' }] };
    await expect(read(captureFile([], { schema: other }))).rejects.toThrow('not written by Event Hubs Capture');
    await expect(read(captureFile([], { schema: { type: 'nothing' } }))).rejects.toThrow('schema cannot be read');
  });

  it('may hold any bytes: messages and problems come of it, or one error', async () => {
    const bytes = captureFile(FILE, { codec: 'deflate' });
    await fc.assert(
      fc.asyncProperty(fc.array(fc.tuple(fc.nat(bytes.length - 1), fc.nat(255)), { maxLength: 6 }), async (changes) => {
        const changed = Buffer.from(bytes);
        for (const [at, byte] of changes) changed[at] = byte;
        await read(changed, 64).catch((error: Error) => expect(error.message).toMatch(/^(its Avro|it is)/));
      }),
      { numRuns: 300 },
    );
  });
});
