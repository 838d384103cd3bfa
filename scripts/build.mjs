// Bundles the command, the deployed functions and the local stack into dist/.
import { existsSync, mkdirSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { build } from 'esbuild';

const root = join(import.meta.dirname, '..');
const entries = (folder) =>
  readdirSync(join(root, folder))
    .filter((name) => name.endsWith('.ts'))
    .map((name) => `${folder}/${name}`);

const shared = {
  bundle: true,
  write: false,
  platform: 'node',
  target: 'node20',
  format: 'cjs',
  sourcemap: true,
  logLevel: 'warning',
  absWorkingDir: root,
};

/** Puts a finished bundle in the place of the old one at once: a program that starts meanwhile sees one or the other. */
async function bundle(folder, options) {
  const { outputFiles } = await build({ ...shared, outdir: `dist/${folder}`, ...options });
  const kept = new Set(outputFiles.map(({ path }) => path));
  for (const { path, contents } of outputFiles) {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(`${path}.${process.pid}`, contents);
    renameSync(`${path}.${process.pid}`, path);
  }
  const out = join(root, 'dist', folder);
  for (const name of existsSync(out) ? readdirSync(out, { recursive: true }) : []) {
    const path = join(out, name);
    if (/\.js(\.map)?$/.test(name) && !kept.has(path)) rmSync(path);
  }
  return outputFiles.map(({ path }) => relative(root, path));
}

// Laptops and CI have node_modules: only what is ours is bundled.
await bundle('cli', { entryPoints: entries('cli'), packages: 'external' });
// @azure/functions-core is supplied by the worker at run time.
await bundle('functions', {
  entryPoints: entries('functions'),
  external: ['@azure/functions-core'],
  minify: true,
  keepNames: true,
  // Some packages ask where they are, in the way of ES modules.
  define: { 'import.meta.url': 'importMetaUrl' },
  banner: { js: "const importMetaUrl = require('node:url').pathToFileURL(__filename).href;" },
});
const local = ['local/start.ts', 'local/functions-host/main.ts', 'local/event-hubs-emulator/main.ts'];
await bundle('local', { entryPoints: local, outbase: 'local', packages: 'external' });
