// Bundles that are cut into parts: those of the deployed functions and of the command.
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
 * `files`, parts before the entries that load them: `{ path, contents }`, paths below `outdir`. `packages`: directories of the packages that are
 * in them.
 *
 * esbuild splits only ES modules, and these are loaded as CommonJS: they are split first, and each part is turned into CommonJS after that. What
 * several programs need is there once, and what is imported on demand is not read before it is needed.
 */
export async function bundleParts(root, outdir, { entryPoints, external, define = {} }) {
  const { outputFiles, metafile } = await build({
    absWorkingDir: root,
    entryPoints,
    outdir,
    bundle: true,
    write: false,
    metafile: true,
    platform: 'node',
    target: TARGET,
    format: 'esm',
    splitting: true,
    chunkNames: 'parts/[name]-[hash]',
    external,
    // Some packages ask where they are, in the way of ES modules.
    define: { 'import.meta.url': 'importMetaUrl', ...define },
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

/** Of `dist/functions`: sign-in, blobs, the clients of Event Hubs and Azure Monitor are in parts that are loaded on demand. */
export function bundleFunctions(root, outdir) {
  const names = readdirSync(join(root, 'functions')).filter((name) => name.endsWith('.ts'));
  return bundleParts(root, outdir, {
    entryPoints: names.map((name) => `functions/${name}`),
    // Supplied by the worker at run time.
    external: ['@azure/functions-core'],
  });
}

async function toCommonJs(path, text) {
  const name = basename(path);
  const { code, map } = await transform(text, {
    format: 'cjs',
    platform: 'node',
    target: TARGET,
    supported: { 'dynamic-import': false },
    // Names stay as they are written: to keep them beside shorter ones, every function would be given its own when it is made, also those that
    // are made for each event.
    minifyWhitespace: true,
    minifySyntax: true,
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
