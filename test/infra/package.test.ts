import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { crc32, inflateRawSync } from 'node:zlib';

const root = join(__dirname, '../..');

/** Files of an archive, read by way of its directory; throws where a checksum is wrong. */
function unzip(archive: Buffer): Map<string, Buffer> {
  const files = new Map<string, Buffer>();
  const end = archive.lastIndexOf('PK\x05\x06', undefined, 'latin1');
  let at = archive.readUInt32LE(end + 16);
  for (let i = archive.readUInt16LE(end + 10); i > 0; i--) {
    const nameLength = archive.readUInt16LE(at + 28);
    const name = archive.toString('utf8', at + 46, at + 46 + nameLength);
    const local = archive.readUInt32LE(at + 42);
    const start = local + 30 + archive.readUInt16LE(local + 26);
    const packed = archive.subarray(start, start + archive.readUInt32LE(at + 20));
    const contents = archive.readUInt16LE(at + 10) === 8 ? inflateRawSync(packed) : packed;
    if (crc32(contents) !== archive.readUInt32LE(at + 16)) throw new Error(`${name} is damaged`);
    files.set(name, contents);
    at += 46 + nameLength + archive.readUInt16LE(at + 30) + archive.readUInt16LE(at + 32);
  }
  return files;
}

describe('npm run package', () => {
  const out = mkdtempSync(join(tmpdir(), 'outrider-package-'));
  let printed = '';
  let files = new Map<string, Buffer>();

  beforeAll(() => {
    const run = spawnSync(process.execPath, [join(root, 'scripts/package.mjs'), out], { encoding: 'utf8' });
    if (run.status !== 0) throw new Error(run.stderr);
    printed = run.stdout;
    files = unzip(readFileSync(join(out, 'outrider.zip')));
  }, 120_000);

  afterAll(() => rmSync(out, { recursive: true, force: true }));

  it('holds what the Functions host needs and nothing else', () => {
    const names = [...files.keys()];
    expect(names).toEqual(
      expect.arrayContaining([
        'host.json',
        'package.json',
        'dist/plans.json',
        'dist/functions/evaluate.js',
        'dist/functions/flush.js',
        'dist/functions/board.js',
        'dist/board/index.html.gz',
        'dist/pages.json',
      ]),
    );
    const allowed =
      /^(?:host\.json|package\.json|LICENSE|NOTICE|dist\/(?:plans|pages)\.json|dist\/board\/[\w.-]+\.gz|dist\/functions\/(?:parts\/)?[\w-]+\.js)$/;
    expect(names.filter((name) => !allowed.test(name))).toEqual([]);
    const unpacked = readdirSync(join(out, 'app'), { recursive: true }).map(String);
    expect(unpacked.filter((name) => statSync(join(out, 'app', name)).isFile()).sort()).toEqual(names.sort());
  });

  it('installs and runs nothing when it is deployed', () => {
    const deployed = JSON.parse(files.get('package.json')!.toString());
    expect(deployed.main).toBe('dist/functions/*.js');
    for (const field of ['dependencies', 'devDependencies', 'scripts']) expect(deployed).not.toHaveProperty(field);
  });

  it("has neither Microsoft's parser nor anything of the local stack in it", () => {
    const code = [...files].filter(([name]) => name.endsWith('.js')).map(([, contents]) => contents.toString());
    for (const text of ['Kusto.Language', 'azurite', 'sourceMappingURL', root])
      expect(code.filter((each) => each.includes(text))).toEqual([]);
  });

  it('refers to no part that is not in it, and to no package but the one the worker supplies', () => {
    const builtins = new Set(require('node:module').builtinModules as string[]);
    for (const [name, contents] of files) {
      if (!name.endsWith('.js')) continue;
      for (const [, wanted] of contents.toString().matchAll(/\brequire\("([^"]+)"\)/g)) {
        const part = /^\.\.?\/(?:parts\/)?([\w-]+\.js)$/.exec(wanted!)?.[1];
        if (part) expect(files.has(`dist/functions/parts/${part}`)).toBe(true);
        else if (wanted !== '@azure/functions-core')
          expect({ name, wanted, builtin: builtins.has(wanted!.replace(/^node:/, '')) }).toEqual({
            name,
            wanted,
            builtin: true,
          });
      }
    }
  });

  it('says how large it is and how fast it loads, and is small', () => {
    expect(printed).toMatch(/outrider\.zip: \d+ KB, \d+ files/);
    expect(printed).toMatch(/evaluate\.js loads in \d+ ms/);
    expect(statSync(join(out, 'outrider.zip')).size).toBeLessThan(1_000_000);
  });
});
