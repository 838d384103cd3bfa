import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { buildSync } from 'esbuild';

const ROOT = join(__dirname, '..', '..');

/**
 * Compiles the programs of `local/` for tests that start them as processes. They lie below node_modules, so that they
 * find the packages, and are removed by `remove`.
 */
export function buildLocalEntries(): { directory: string; emulator: string; host: string; remove(): void } {
  const cache = join(ROOT, 'node_modules', '.cache');
  mkdirSync(cache, { recursive: true });
  const directory = mkdtempSync(join(cache, 'outrider-local-'));
  // Laid out as the build lays out dist/local.
  buildSync({
    entryPoints: ['start.ts', 'functions-host/main.ts', 'event-hubs-emulator/main.ts'].map((file) =>
      join(ROOT, 'local', file),
    ),
    outbase: join(ROOT, 'local'),
    outdir: directory,
    bundle: true,
    platform: 'node',
    format: 'cjs',
    target: 'node20',
    packages: 'external',
  });
  return {
    directory,
    emulator: join(directory, 'event-hubs-emulator', 'main.js'),
    host: join(directory, 'functions-host', 'main.js'),
    remove: () => rmSync(directory, { recursive: true, force: true }),
  };
}
