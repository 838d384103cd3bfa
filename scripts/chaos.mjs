// The long form of the model test: node scripts/chaos.mjs [HISTORIES] [SEED] [PROCESSES]
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { buildSync } from 'esbuild';

const root = fileURLToPath(new URL('..', import.meta.url));
const cache = join(root, 'node_modules', '.cache');
mkdirSync(cache, { recursive: true });
const directory = mkdtempSync(join(cache, 'outrider-chaos-'));
try {
  buildSync({
    entryPoints: [join(root, 'test', 'chaos', 'long-run.ts')],
    outdir: directory,
    bundle: true,
    platform: 'node',
    format: 'cjs',
    target: 'node20',
    packages: 'external',
    sourcemap: 'inline',
  });
  const args = ['--enable-source-maps', join(directory, 'long-run.js'), ...process.argv.slice(2)];
  process.exitCode = spawnSync(process.execPath, args, { stdio: 'inherit', cwd: root }).status ?? 1;
} finally {
  rmSync(directory, { recursive: true, force: true });
}
