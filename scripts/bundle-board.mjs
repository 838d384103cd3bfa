// The page of the board: what dist/board holds, each file gzipped.
import { readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { gzipSync } from 'node:zlib';
import { build } from 'esbuild';

/** Loaded when somebody comes to write a query, which the deployed app has no compiler for. */
export const isEditor = (name) => /^editor-/.test(name);

/** Files of `dist/board`: `{ name, contents, bytes }`; `bytes`: before it is packed. */
export async function bundleBoard(root) {
  const { outputFiles } = await build({
    absWorkingDir: root,
    entryPoints: { main: 'web/main.tsx' },
    outdir: 'dist/board',
    bundle: true,
    splitting: true,
    minify: true,
    write: false,
    format: 'esm',
    platform: 'browser',
    target: ['es2022'],
    chunkNames: '[name]-[hash]',
    jsx: 'automatic',
    jsxImportSource: 'preact',
    tsconfig: 'web/tsconfig.json',
    legalComments: 'none',
    logLevel: 'warning',
  });
  const made = outputFiles.map(({ path, contents }) => [relative(join(root, 'dist', 'board'), path), contents]);
  const given = ['index.html', 'icon.svg'].map((name) => [name, readFileSync(join(root, 'web', name))]);
  // The level is named and the header holds no time: the same page is the same bytes.
  return [...made, ...given].map(([name, contents]) => ({
    name: `${name}.gz`,
    contents: gzipSync(contents, { level: 9 }),
    bytes: contents.length,
  }));
}
