import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from 'esbuild';
import { unzip } from '../support/unzip';

const root = join(__dirname, '../..');

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
      /^(?:host\.json|package\.json|LICENSE|NOTICE|THIRD-PARTY-NOTICES|dist\/(?:plans|pages)\.json|dist\/board\/[\w.-]+\.gz|dist\/functions\/(?:parts\/)?[\w-]+\.js)$/;
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
    // The client of blobs has a variable of Azurite's name; this is what Azurite itself says.
    for (const text of ['Kusto.Language', 'Azurite Blob service', 'sourceMappingURL', root])
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

  it('carries the notices of every package that is bundled', async () => {
    const { metafile } = await build({
      absWorkingDir: root,
      entryPoints: readdirSync(join(root, 'functions')).map((name) => `functions/${name}`),
      outdir: 'not-written',
      bundle: true,
      write: false,
      metafile: true,
      platform: 'node',
      format: 'esm',
      splitting: true,
      external: ['@azure/functions-core'],
      logLevel: 'error',
    });
    const inputs = Object.values(metafile.outputs).flatMap(({ inputs }) =>
      Object.entries(inputs).flatMap(([path, { bytesInOutput }]) => (bytesInOutput > 0 ? [path] : [])),
    );
    const packages = new Set<string>();
    for (const path of inputs) {
      const at = path.lastIndexOf('node_modules/');
      if (at < 0) continue;
      const [first, second] = path.slice(at + 'node_modules/'.length).split('/');
      packages.add(`${path.slice(0, at)}node_modules/${first!.startsWith('@') ? `${first}/${second}` : first}`);
    }
    expect(packages.size).toBeGreaterThan(40);
    const notices = files.get('THIRD-PARTY-NOTICES')!.toString();
    for (const directory of packages) {
      const { name, version, license } = JSON.parse(readFileSync(join(root, directory, 'package.json'), 'utf8'));
      expect(notices).toContain(`\n${name} ${version} (${license})\n`);
      const own = readdirSync(join(root, directory)).filter((file) => /^licen[cs]e/i.test(file));
      if (own.length === 0) expect(name).toBe('@nodable/entities');
      for (const file of own) {
        const text = readFileSync(join(root, directory, file), 'utf8')
          .replaceAll('\r\n', '\n')
          .trim();
        expect(notices.includes(text)).toBe(true);
      }
    }
    expect(notices).toContain('Apache License');
    expect(notices).not.toContain(root);
  }, 60_000);

  it('is refused where a bundled package has no licence', () => {
    const directory = mkdtempSync(join(tmpdir(), 'outrider-notices-'));
    const notices = (manifest: object, licence?: string) => {
      writeFileSync(join(directory, 'package.json'), JSON.stringify({ name: 'p', version: '1.0.0', ...manifest }));
      rmSync(join(directory, 'LICENSE'), { force: true });
      if (licence) writeFileSync(join(directory, 'LICENSE'), licence);
      const script = `
        import { noticesOf } from ${JSON.stringify(join(root, 'scripts/notices.mjs'))};
        process.stdout.write(noticesOf([process.argv[1]]));`;
      return spawnSync(process.execPath, ['--input-type=module', '-e', script, directory], { encoding: 'utf8' });
    };
    expect(notices({ license: 'MIT' }, 'The licence.').stdout).toContain('p 1.0.0 (MIT)\n\nThe licence.\n');
    for (const [manifest, licence, fault] of [
      [{ license: 'MIT', author: 'A' }, undefined, 'p 1.0.0: no text of its licence'],
      [{}, 'The licence.', 'p 1.0.0: no licence'],
    ] as const) {
      const { status, stderr } = notices(manifest, licence);
      expect({ status, isNamed: stderr.includes(fault) }).toEqual({ status: 1, isNamed: true });
    }
    rmSync(directory, { recursive: true, force: true });
  }, 30_000);

  it('says how large it is and how fast it loads, and is small', () => {
    expect(printed).toMatch(/outrider\.zip: \d+ KB, \d+ files/);
    expect(printed).toMatch(/evaluate\.js loads in \d+ ms/);
    expect(statSync(join(out, 'outrider.zip')).size).toBeLessThan(1_000_000);
  });
});
