import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { buildSync } from 'esbuild';

const root = fileURLToPath(new URL('..', import.meta.url));

/** Bundles a TypeScript program (path below the root, without `.ts`), runs it in the root, and makes its exit code that of this process. */
export function runBundled(program, args, nodeOptions = []) {
  const cache = join(root, 'node_modules', '.cache');
  mkdirSync(cache, { recursive: true });
  const directory = mkdtempSync(join(cache, 'outrider-run-'));
  try {
    buildSync({
      entryPoints: [join(root, `${program}.ts`)],
      outdir: directory,
      bundle: true,
      platform: 'node',
      format: 'cjs',
      target: 'node20',
      packages: 'external',
      sourcemap: 'inline',
    });
    const script = join(directory, `${basename(program)}.js`);
    const command = ['--enable-source-maps', ...nodeOptions, script, ...args];
    process.exitCode = spawnSync(process.execPath, command, { stdio: 'inherit', cwd: root }).status ?? 1;
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}
