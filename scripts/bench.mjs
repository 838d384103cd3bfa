// Runs a file of bench/: node scripts/bench.mjs NAME [its options]
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { runBundled } from './run-bundled.mjs';

const [name = '', ...options] = process.argv.slice(2);
if (!/^[a-z-]+$/.test(name) || !existsSync(fileURLToPath(new URL(`../bench/${name}.ts`, import.meta.url)))) {
  console.error('usage: node scripts/bench.mjs NAME [options], where bench/NAME.ts is there');
  process.exitCode = 2;
} else {
  runBundled(`bench/${name}`, options, ['--expose-gc', '--max-old-space-size=4096']);
}
