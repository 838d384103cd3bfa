import { lineBlocks, linesOf } from '../../../cli/io/byte-lines';

const texts = (lines: readonly Buffer[]): string[] => lines.map((line) => line.toString('utf8'));

async function* chunks(bytes: Buffer, size: number): AsyncGenerator<Buffer> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

async function throughBlocks(bytes: Buffer, size: number, block: number): Promise<string[]> {
  const found: string[] = [];
  for await (const lines of lineBlocks(chunks(bytes, size), block)) found.push(...texts(linesOf(lines)));
  return found;
}

describe('lines of bytes', () => {
  it('end with LF or CR LF, and with nothing else; blank ones are left out, also the one after the last end', () => {
    expect(texts(linesOf(Buffer.from('{"a":1}\n\n  \t\n{"b":"é"}\r\n\r\n{"c":1}\r,{"d":1}')))).toEqual([
      '{"a":1}',
      '{"b":"é"}',
      '{"c":1}\r,{"d":1}',
    ]);
    expect(linesOf(Buffer.alloc(0))).toEqual([]);
    expect(texts(linesOf(Buffer.from(' {"a":1}\n')))).toEqual([' {"a":1}']);
  });

  it('keep bytes that are no UTF-8: they are the decoder’s to judge', () => {
    expect(linesOf(Buffer.from([0x7b, 0xff, 0x7d, 10]))).toEqual([Buffer.from([0x7b, 0xff, 0x7d])]);
  });

  it('are the same in whatever chunks they come and blocks they are cut into', async () => {
    const text = Array.from({ length: 40 }, (_, i) => `{"n":${i},"t":"${'äx'.repeat(i)}"}`);
    const bytes = Buffer.from(text.join('\r\n'));
    for (const size of [1, 7, 64, 10_000])
      for (const block of [1, 50, 1_000_000]) expect(await throughBlocks(bytes, size, block)).toEqual(text);
  });

  it('of a file in UTF-16, as PowerShell writes it, are read as UTF-8', async () => {
    const bytes = Buffer.from('\ufeff{"a":"é"}\r\n{"b":1}\r\n', 'utf16le');
    for (const size of [3, 1_000]) expect(await throughBlocks(bytes, size, 10)).toEqual(['{"a":"é"}', '{"b":1}']);
  });
});
