// What the scripts that write a page of docs/ from the code share.
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { build } from 'esbuild';

export const root = join(import.meta.dirname, '..');

/** The exports of a module of TypeScript; its imports are from the root of the repository. */
export async function importSource(contents) {
  const { outputFiles } = await build({
    stdin: { contents, resolveDir: root, loader: 'ts' },
    bundle: true,
    write: false,
    platform: 'node',
    format: 'esm',
    packages: 'external',
    banner: { js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);" },
  });
  // Packages are resolved from where the module lies: it must be inside the repository.
  const cache = join(root, 'node_modules', '.cache');
  const path = join(cache, `doc.${process.pid}.mjs`);
  mkdirSync(cache, { recursive: true });
  writeFileSync(path, outputFiles[0].contents);
  try {
    return await import(path);
  } finally {
    rmSync(path, { force: true });
  }
}

/** For a cell of a table. */
export const cell = (text) => text.replaceAll('|', '\\|').replaceAll('\n', ' ');

/** Writes docs/NAME; with `--check` writes nothing, and fails where the file is not what would be written. `from`: what it says. */
export function writeOrCheck(name, wanted, from) {
  const file = join(root, 'docs', name);
  if (!process.argv.includes('--check')) {
    writeFileSync(file, wanted);
    return;
  }
  let found = '';
  try {
    found = readFileSync(file, 'utf8');
  } catch {
    // Not there: as good as wrong.
  }
  if (found === wanted) return;
  process.stderr.write(`docs/${name} is not what ${from}: run node scripts/${basename(process.argv[1])}\n`);
  process.exit(1);
}
