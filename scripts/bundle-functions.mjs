// The bundles of the deployed functions.
import { readdirSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { build, transform } from 'esbuild';
import { bundledPackages } from './notices.mjs';

const TARGET = 'node20';

/** zod carries its messages in fifty languages; ours are read in English. */
const englishOnly = {
  name: 'english-only',
  setup: ({ onLoad }) =>
    onLoad({ filter: /[\\/]zod[\\/]v4[\\/]locales[\\/]index\.js$/ }, () => ({
      contents: "export { default as en } from './en.js';",
    })),
};

/**
 * `files` of `dist/functions`, parts before the entries that load them: `{ path, contents }`, paths below `outdir`. `packages`: directories of the
 * packages that are in them.
 *
 * esbuild splits only ES modules, and the Functions worker loads CommonJS: they are split first, and each part is turned into CommonJS
 * after that. What several functions need is there once, and what is imported on demand (sign-in, blobs, the clients of Event Hubs and
 * Azure Monitor) is not read before it is needed.
 */
export async function bundleFunctions(root, outdir) {
  const entryPoints = readdirSync(join(root, 'functions')).filter((name) => name.endsWith('.ts'));
  const { outputFiles, metafile } = await build({
    absWorkingDir: root,
    entryPoints: entryPoints.map((name) => `functions/${name}`),
    outdir,
    bundle: true,
    write: false,
    metafile: true,
    platform: 'node',
    target: TARGET,
    format: 'esm',
    splitting: true,
    chunkNames: 'parts/[name]-[hash]',
    // Supplied by the worker at run time.
    external: ['@azure/functions-core'],
    // Some packages ask where they are, in the way of ES modules.
    define: { 'import.meta.url': 'importMetaUrl' },
    plugins: [englishOnly],
    logLevel: 'warning',
  });
  const files = await Promise.all(outputFiles.map(({ path, text }) => toCommonJs(path, text)));
  const isPart = ({ path }) => basename(dirname(path)) === 'parts';
  const all = files.flat();
  return {
    files: [...all.filter(isPart), ...all.filter((file) => !isPart(file))],
    packages: bundledPackages(root, metafile),
  };
}

async function toCommonJs(path, text) {
  const name = basename(path);
  const { code, map } = await transform(text, {
    format: 'cjs',
    platform: 'node',
    target: TARGET,
    supported: { 'dynamic-import': false },
    minifySyntax: true,
    minifyWhitespace: true,
    sourcemap: 'external',
    sourcefile: name.replace(/\.js$/, '.mjs'),
    banner: "const importMetaUrl = require('node:url').pathToFileURL(__filename).href;",
    logLevel: 'warning',
  });
  return [
    { path: `${path}.map`, contents: map },
    { path, contents: `${code}//# sourceMappingURL=${name}.map\n` },
  ];
}
