import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { buildSync } from 'esbuild';

const ROOT = join(__dirname, '..', '..');

/** Programs of a folder (`cli`, `local`), bundled below node_modules, so that they find the packages, laid out as in the folder. */
export function bundlePrograms(folder: string, files: readonly string[]): { directory: string; remove(): void } {
  const cache = join(ROOT, 'node_modules', '.cache');
  mkdirSync(cache, { recursive: true });
  const directory = mkdtempSync(join(cache, `outrider-${folder.replaceAll('/', '-')}-`));
  buildSync({
    entryPoints: files.map((file) => join(ROOT, folder, file)),
    outbase: join(ROOT, folder),
    outdir: directory,
    bundle: true,
    platform: 'node',
    format: 'cjs',
    target: 'node20',
    packages: 'external',
  });
  return { directory, remove: () => rmSync(directory, { recursive: true, force: true }) };
}
