// Measures: node scripts/bench.mjs [options], or a program of bench/tools: node scripts/bench.mjs NAME [its options]
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { runBundled } from './run-bundled.mjs';

const args = process.argv.slice(2);
const tool = args[0]?.startsWith('-') === false ? args.shift() : undefined;
const isThere = (name) =>
  /^[a-z-]+$/.test(name) && existsSync(fileURLToPath(new URL(`../bench/tools/${name}.ts`, import.meta.url)));

if (tool !== undefined && !isThere(tool)) {
  console.error('usage: node scripts/bench.mjs [options], or NAME [options] where bench/tools/NAME.ts is there');
  process.exitCode = 2;
} else {
  const program = tool === undefined ? 'bench/main' : `bench/tools/${tool}`;
  runBundled(program, args, ['--expose-gc', '--max-old-space-size=4096']);
}
