import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { PieceReader, piecesOf } from '../../../cli/io/pieces';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'outrider-pieces-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

async function read(file: string, size?: number): Promise<{ pieces: number; bodies: string[] }> {
  const reader = new PieceReader();
  const bodies: string[] = [];
  let pieces = 0;
  for await (const piece of piecesOf(file, size)) {
    pieces++;
    bodies.push(...reader.bodies(piece).map((body) => body.toString('utf8')));
  }
  reader.close();
  return { pieces, bodies };
}

describe('pieces of a file', () => {
  it('hold each line once, wherever the file is cut', async () => {
    const lines = Array.from({ length: 50 }, (_, i) => `{"n":${i},"pad":"${'x'.repeat((i * 37) % 90)}"}`);
    const file = join(folder, 'a.ndjson');
    for (const end of ['', '\n', '\n\n', '\r\n']) {
      writeFileSync(file, lines.join('\n') + end);
      for (const size of [1, 2, 30, 101, 1_000, 1_000_000]) {
        const { pieces, bodies } = await read(file, size);
        expect(bodies).toEqual(lines);
        if (size === 101) expect(pieces).toBeGreaterThan(10);
      }
    }
  });

  it('of packed files, documents and files in UTF-16 are read from the beginning', async () => {
    writeFileSync(join(folder, 'a.ndjson.gz'), gzipSync('{"a":1}\n{"b":2}\n'));
    writeFileSync(join(folder, 'a.json'), '[\n{"a":1}\n]');
    writeFileSync(join(folder, 'a.jsonl'), Buffer.from('\ufeff{"a":1}\n{"b":2}', 'utf16le'));
    expect((await read(join(folder, 'a.ndjson.gz'), 1)).bodies).toEqual(['{"a":1}', '{"b":2}']);
    expect((await read(join(folder, 'a.json'), 1)).bodies).toEqual(['[\n{"a":1}\n]']);
    expect((await read(join(folder, 'a.jsonl'), 1)).bodies).toEqual(['{"a":1}', '{"b":2}']);
  });

  it('of a file that is not there: it is named', async () => {
    await expect(read(join(folder, 'none.ndjson'))).rejects.toThrow(/none\.ndjson: .*ENOENT/);
    await expect(read(join(folder, 'none.json.gz'))).rejects.toThrow(/none\.json\.gz: .*ENOENT/);
  });
});
