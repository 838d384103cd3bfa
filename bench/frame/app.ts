import { cpSync, existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildSync } from 'esbuild';
import { planFileOf, type RulePlan } from '../../src/plan/rule-plan';

const FUNCTIONS = join('dist', 'functions');

/** A function app in a folder of its own. */
export interface App {
  readonly directory: string;
  remove(): void;
}

function folder(make: (directory: string) => void): App {
  const directory = mkdtempSync(join(tmpdir(), 'outrider-bench-app-'));
  mkdirSync(join(directory, 'dist', 'functions'), { recursive: true });
  writeFileSync(join(directory, 'package.json'), JSON.stringify({ name: 'app', main: 'dist/functions/*.js' }));
  cpSync('host.json', join(directory, 'host.json'));
  make(directory);
  return { directory, remove: () => rmSync(directory, { recursive: true, force: true }) };
}

/** What is deployed, with plans of its own. Throws where dist/ is not built. */
export function deployedApp(plans: readonly RulePlan[]): App {
  if (!existsSync(join(FUNCTIONS, 'evaluate.js'))) throw new Error('dist/ is not built: npm run build');
  return folder((directory) => {
    const isCode = (path: string): boolean => !path.endsWith('.map');
    cpSync(FUNCTIONS, join(directory, FUNCTIONS), { recursive: true, filter: isCode });
    writeFileSync(join(directory, 'dist', 'plans.json'), JSON.stringify(planFileOf(plans)));
  });
}

/** The app of one file of bench/programs. */
export const bareApp = (program: string): App => folder((directory) => bundle(program, join(directory, FUNCTIONS)));

/** Bundles a file of bench/programs into a folder, and gives its path. */
export function bundle(program: string, outdir: string): string {
  buildSync({
    entryPoints: [join('bench', 'programs', `${program}.ts`)],
    ...{ outdir, bundle: true, minify: true, keepNames: true },
    ...{ platform: 'node', format: 'cjs', target: 'node20', external: ['@azure/functions-core'] },
  });
  return join(outdir, `${program}.js`);
}
