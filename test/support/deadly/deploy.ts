import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'esbuild';
import { deployApp } from '../full-stack';

/** So many seconds of a hang end a process here. */
const LIMIT = 4;

/** A deployment whose `evaluate` also reads records that end or hang the process. Only its own bundle has that. */
export async function deployDeadlyApp(rules: readonly string[]): Promise<ReturnType<typeof deployApp>> {
  const app = deployApp(rules);
  await build({
    entryPoints: [join(__dirname, 'evaluate.ts')],
    outfile: join(app.directory, 'dist', 'functions', 'evaluate.js'),
    bundle: true,
    platform: 'node',
    target: 'node20',
    format: 'cjs',
    keepNames: true,
    external: ['@azure/functions-core'],
    define: { 'import.meta.url': 'importMetaUrl' },
    banner: { js: "const importMetaUrl = require('node:url').pathToFileURL(__filename).href;" },
    logLevel: 'error',
    plugins: [
      {
        name: 'impatient-watchdog',
        setup: ({ onLoad }) =>
          onLoad({ filter: /src[\\/]host[\\/]watchdog\.ts$/ }, ({ path }) => {
            const text = readFileSync(path, 'utf8');
            const contents = text.replace('LIMIT_SECONDS = 60', `LIMIT_SECONDS = ${LIMIT}`);
            if (contents === text) throw new Error('the limit of the watchdog was not found');
            return { contents, loader: 'ts' };
          }),
      },
    ],
  });
  return app;
}
