// Makes the deployable zip of the function app: app/ (its files) and outrider.zip, in dist/ or in the directory given. `--no-timing`: does not
// measure how long it takes to load.
import { spawnSync } from 'node:child_process';
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { basename, dirname, join, relative } from 'node:path';
import { parseArgs } from 'node:util';
import { bundleBoard, isEditor } from './bundle-board.mjs';
import { bundleFunctions } from './bundle-functions.mjs';
import { noticesOf } from './notices.mjs';
import { zip } from './zip.mjs';

const root = join(import.meta.dirname, '..');
const { values, positionals } = parseArgs({ options: { 'no-timing': { type: 'boolean' } }, allowPositionals: true });
const out = positionals[0] ?? join(root, 'dist');
const app = join(out, 'app');
const archive = join(out, 'outrider.zip');

const kilobytes = (bytes) => `${(bytes / 1024).toFixed(0)} KB`;

/** What the worker needs of package.json. No dependencies: everything is in the bundles, and a remote build has nothing to install. */
function deployedPackage() {
  const { name, version, description, license, engines, main } = JSON.parse(
    readFileSync(join(root, 'package.json'), 'utf8'),
  );
  return `${JSON.stringify({ name, version, description, license, private: true, engines, main }, null, 2)}\n`;
}

async function stage() {
  const plans = join(root, 'dist', 'plans.json');
  if (!existsSync(plans)) throw new Error("dist/plans.json is not there: run 'npm run build'");
  const staging = `${app}.${process.pid}`;
  rmSync(staging, { recursive: true, force: true });
  const functions = join(staging, 'dist', 'functions');
  const { files, packages } = await bundleFunctions(root, functions);
  for (const { path, contents } of files) {
    // Source maps are for people: they are in dist/functions of the build.
    if (path.endsWith('.map')) continue;
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, contents.replace(/\/\/# sourceMappingURL=.*\n$/, ''));
  }
  copyFileSync(plans, join(staging, 'dist', 'plans.json'));
  // For the board, where OUTRIDER_BOARD turns it on. There is no compiler to write a query with.
  const pages = join(root, 'dist', 'pages.json');
  if (existsSync(pages)) copyFileSync(pages, join(staging, 'dist', 'pages.json'));
  mkdirSync(join(staging, 'dist', 'board'));
  for (const { name, contents } of await bundleBoard(root))
    if (!isEditor(name)) writeFileSync(join(staging, 'dist', 'board', name), contents);
  copyFileSync(join(root, 'host.json'), join(staging, 'host.json'));
  for (const name of ['LICENSE', 'NOTICE']) {
    if (existsSync(join(root, name))) copyFileSync(join(root, name), join(staging, name));
  }
  writeFileSync(join(staging, 'THIRD-PARTY-NOTICES'), noticesOf(packages));
  writeFileSync(join(staging, 'package.json'), deployedPackage());
  rmSync(app, { recursive: true, force: true });
  renameSync(staging, app);
}

const filesOf = (directory) =>
  readdirSync(directory, { recursive: true })
    .map((name) => join(directory, name))
    .filter((path) => statSync(path).isFile())
    .sort();

/** Median time of `require` in new processes, ms. The settings are such that the app loads; nothing is reached. */
function loadTime(entries, tries = 5) {
  const program = `
    const start = process.hrtime.bigint();
    for (const entry of process.argv.slice(1)) require(entry);
    process.stdout.write(String(Number(process.hrtime.bigint() - start) / 1e6));`;
  const times = [];
  for (let i = 0; i < tries; i++) {
    const { status, stdout, stderr } = spawnSync(process.execPath, ['-e', program, ...entries], {
      encoding: 'utf8',
      env: {
        PATH: process.env.PATH,
        AzureWebJobsStorage: 'UseDevelopmentStorage=true',
        OUTRIDER_STORAGE: 'UseDevelopmentStorage=true',
        EventHubConnection: 'Endpoint=sb://localhost;UseDevelopmentEmulator=true',
        EVENT_HUB_NAME: 'events',
        EVENT_HUB_CONSUMER_GROUP: 'outrider',
        FLUSH_SCHEDULE: '0 * * * * *',
        OUTRIDER_SINKS: 'stdout',
      },
    });
    if (status !== 0) throw new Error(`${entries.join(', ')} does not load:\n${stderr}`);
    times.push(Number(stdout));
  }
  return times.sort((a, b) => a - b)[tries >> 1];
}

await stage();
const files = filesOf(app);
const bytes = zip(
  files.map((path) => ({ name: relative(app, path).replaceAll('\\', '/'), contents: readFileSync(path) })),
);
writeFileSync(`${archive}.${process.pid}`, bytes);
renameSync(`${archive}.${process.pid}`, archive);

const total = files.reduce((sum, path) => sum + statSync(path).size, 0);
process.stdout.write(
  `${relative(process.cwd(), archive)}: ${kilobytes(bytes.length)}, ${files.length} files, ${kilobytes(total)} unpacked\n`,
);
if (!values['no-timing']) {
  const entries = files.filter((path) => dirname(path) === join(app, 'dist', 'functions') && path.endsWith('.js'));
  for (const entry of entries)
    process.stdout.write(`  ${basename(entry)} loads in ${loadTime([entry]).toFixed(0)} ms\n`);
  process.stdout.write(`  all of them in one process: ${loadTime(entries).toFixed(0)} ms\n`);
}
