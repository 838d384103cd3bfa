import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { listText } from '../../src/host/list-body';
import { zip } from '../support/zip';

const LIST = 'CIDR,Country\n10.0.0.0/8,\u00c5land\n';
const text = (bytes: Buffer, maxBytes = 10_000): string => listText(bytes, maxBytes);

describe('the body of a list', () => {
  it('is read as it is, from gzip, and from a ZIP archive of one file', () => {
    expect(text(Buffer.from(LIST))).toBe(LIST);
    expect(text(Buffer.from(`\ufeff${LIST}`))).toBe(LIST);
    expect(text(Buffer.from(`\ufeff${LIST}`, 'utf16le'))).toBe(LIST);
    expect(text(gzipSync(LIST))).toBe(LIST);
    expect(text(zip({ 'kusto-cidr.csv': 'a,b\n' }))).toBe('a,b\n');
    expect(text(zip({ 'kusto-cidr.csv': 'a,b\n' }, { method: 0 }))).toBe('a,b\n');
    expect(text(zip({ 'folder/': '', 'folder/list.csv': 'a,b\n' }))).toBe('a,b\n');
  });

  it('is read from an archive that another program wrote', () => {
    const folder = mkdtempSync(join(tmpdir(), 'outrider-zip-'));
    const file = join(folder, 'list.zip');
    const program =
      "import sys,zipfile\nwith zipfile.ZipFile(sys.argv[1],'w',zipfile.ZIP_DEFLATED) as z: z.writestr('list.csv', 'x,y\\n' * 500)\n";
    try {
      execFileSync('python3', ['-c', program, file]);
      expect(text(readFileSync(file))).toBe('x,y\n'.repeat(500));
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it('is bounded as unpacked', () => {
    const bomb = 'a'.repeat(50_000);
    expect(() => text(gzipSync(bomb))).toThrow('unpacks to more than 10000 bytes');
    expect(() => text(zip({ 'bomb.csv': bomb }))).toThrow('unpacks to more than 10000 bytes');
  });

  it('says what is wrong with an archive', () => {
    expect(() => text(zip({ 'a.csv': '1', 'b.csv': '2' }))).toThrow('it holds 2 files, not one');
    expect(() => text(zip({ 'a.csv': '1' }, { flags: 1 }))).toThrow('encrypted');
    expect(() => text(zip({ 'a.csv': '1' }, { method: 12 }))).toThrow('method 12');
    expect(() => text(zip({ 'a.csv': 'abc' }).subarray(0, -30))).toThrow('cannot be unpacked');
    expect(() => text(gzipSync(LIST).subarray(0, -12))).toThrow('cannot be unpacked');
  });
});
