// Compiles wasm/ (AssemblyScript) into src/scan/module.ts. To be run after a change there; a test tells where it was not.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { sourceDigest } from './scan-digest.mjs';

// Of no use to who installs the project, and larger than all the rest of it: fetched when it is needed.
const COMPILER = 'assemblyscript@0.28.20';
const root = fileURLToPath(new URL('..', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'scan-'));
const output = join(folder, 'scan.wasm');
const options = ['-O3', '--runtime', 'stub', '--enable', 'simd', '--noAssert', '--initialMemory', '32'];
execFileSync('npx', ['--yes', '--package', COMPILER, 'asc', 'wasm/index.ts', '--outFile', output, ...options], {
  cwd: root,
  stdio: 'inherit',
});
const base64 = readFileSync(output).toString('base64');
rmSync(folder, { recursive: true });
writeFileSync(
  join(root, 'src/scan/module.ts'),
  `// Made of wasm/ by scripts/scan.mjs.

/** SHA-256 of what it was made of. */
export const SOURCES = '${sourceDigest(join(root, 'wasm'))}';

/** WebAssembly, base64. */
export const MODULE =
  '${base64}';
`,
);
