// Bundles the command, the deployed functions, the page of the board and the local stack into dist/.
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { build } from 'esbuild';
import { bundleBoard } from './bundle-board.mjs';
import { bundleFunctions, bundleParts } from './bundle-functions.mjs';

const root = join(import.meta.dirname, '..');
const entries = (folder) =>
  readdirSync(join(root, folder))
    .filter((name) => name.endsWith('.ts'))
    .map((name) => `${folder}/${name}`);

/** A program that has started may still want a part of the build it began with. Milliseconds. */
const PART_KEPT = 3_600_000;

/** Puts finished files in the place of the old ones at once: a program that starts meanwhile sees one or the other. */
function put(folder, files) {
  const kept = new Set(files.map(({ path }) => path));
  for (const { path, contents } of files) {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(`${path}.${process.pid}`, contents);
    renameSync(`${path}.${process.pid}`, path);
  }
  const out = join(root, 'dist', folder);
  for (const name of existsSync(out) ? readdirSync(out, { recursive: true }) : []) {
    const path = join(out, name);
    if (!/\.(js|js\.map|gz)$/.test(name) || kept.has(path)) continue;
    if (!name.startsWith('parts') || Date.now() - statSync(path).mtimeMs > PART_KEPT) rmSync(path, { force: true });
  }
}

/** Of all that rules are compiled by: what is kept of one program counts for no other. */
function buildId() {
  const hash = createHash('sha256');
  const files = ['src', 'cli'].flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name)),
  );
  for (const path of [...files.sort(), join(root, 'package-lock.json')]) {
    const bytes = readFileSync(path);
    hash.update(JSON.stringify([relative(root, path), bytes.length])).update(bytes);
  }
  return hash.digest('hex').slice(0, 24);
}

/** Laptops and CI have node_modules: only what is ours is bundled. */
async function bundle(folder, options) {
  const { outputFiles } = await build({
    bundle: true,
    write: false,
    platform: 'node',
    target: 'node20',
    format: 'cjs',
    sourcemap: true,
    packages: 'external',
    logLevel: 'warning',
    absWorkingDir: root,
    outdir: `dist/${folder}`,
    ...options,
  });
  put(folder, outputFiles);
}

const board = await bundleBoard(root);
put(
  'board',
  board.map(({ name, contents }) => ({ path: join(root, 'dist', 'board', name), contents })),
);
const cli = await bundleParts(root, join(root, 'dist', 'cli'), {
  entryPoints: entries('cli'),
  // The parser cannot be bundled, and the clients of Azure are for few verbs: those of the install are taken.
  external: ['@kusto/*', '@azure/*'],
  define: { OUTRIDER_BUILD: JSON.stringify(buildId()) },
});
put('cli', cli.files);
put('functions', (await bundleFunctions(root, join(root, 'dist', 'functions'))).files);
const local = ['local/start.ts', 'local/functions-host/main.ts', 'local/event-hubs-emulator/main.ts'];
await bundle('local', { entryPoints: local, outbase: 'local' });
