// Bundles the deployed functions, the command and the local stack into dist/.
import { existsSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'esbuild';

const root = join(import.meta.dirname, '..');
const entries = (folder) =>
  existsSync(join(root, folder))
    ? readdirSync(join(root, folder))
        .filter((name) => name.endsWith('.ts'))
        .map((name) => join(root, folder, name))
    : [];

const shared = {
  bundle: true,
  platform: 'node',
  target: 'node20',
  format: 'cjs',
  sourcemap: true,
  logLevel: 'warning',
  absWorkingDir: root,
};

for (const folder of ['functions', 'cli', 'local']) rmSync(join(root, 'dist', folder), { recursive: true, force: true });

const functions = entries('functions');
if (functions.length > 0) {
  // @azure/functions-core is supplied by the worker at run time. The parser of Microsoft must never be in here: see test/deployed.
  await build({ ...shared, entryPoints: functions, outdir: 'dist/functions', external: ['@azure/functions-core'], minify: true, keepNames: true });
}
// Laptops and CI have node_modules: only what is ours is bundled.
await build({ ...shared, entryPoints: entries('cli'), outdir: 'dist/cli', packages: 'external' });
const local = ['local/start.ts', 'local/functions-host/main.ts', 'local/event-hubs-emulator/main.ts'].filter((file) => existsSync(join(root, file)));
if (local.length > 0) {
  await build({ ...shared, entryPoints: local, outdir: 'dist/local', outbase: 'local', packages: 'external' });
}
