import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { hashOfInfra } from './arm';

const root = join(__dirname, '../..');
const cache = join(root, 'node_modules', '.cache', 'infra');

export interface Predicted {
  readonly type: string;
  readonly name: string;
  readonly apiVersion: string;
  readonly properties?: Record<string, unknown>;
  readonly sku?: { readonly name: string };
}

export type Prediction = { readonly resources: readonly Predicted[] } | { readonly refused: string };

/**
 * What a deployment of infra/main.bicep with these parameters would make, its expressions evaluated as far as they need nothing that is there
 * already; or why it is refused. Kept for what is in infra/. Throws where there is no Bicep compiler.
 */
export function predict(parameters: Readonly<Record<string, unknown>> = {}): Prediction {
  const all = { environmentName: 'test', location: 'westeurope', ...parameters };
  const hash = createHash('sha256').update(hashOfInfra()).update(JSON.stringify(all)).digest('hex').slice(0, 24);
  const kept = join(cache, `predicted-${hash}.json`);
  if (!existsSync(kept)) writeFileSync(kept, JSON.stringify(ask(all)));
  return JSON.parse(readFileSync(kept, 'utf8')) as Prediction;
}

function ask(parameters: Readonly<Record<string, unknown>>): Prediction {
  mkdirSync(cache, { recursive: true });
  const directory = mkdtempSync(join(cache, 'predict-'));
  try {
    const file = join(directory, 'test.bicepparam');
    const lines = Object.entries(parameters).map(([name, value]) => `param ${name} = ${literal(value)}`);
    writeFileSync(file, [`using '${relative(directory, join(root, 'infra/main.bicep'))}'`, ...lines, ''].join('\n'));
    const script = `
      import { findBicep, runBicep } from ${JSON.stringify(join(root, 'scripts/bicep.mjs'))};
      const options = ['--mode', 'overwrite', '--location', 'westeurope', '--subscription-id', '11111111-1111-1111-1111-111111111111'];
      const { ok, output } = runBicep(findBicep(), 'snapshot', process.argv[1], options);
      process.stderr.write(output);
      process.exit(ok ? 0 : 1);`;
    const run = spawnSync(process.execPath, ['--input-type=module', '-e', script, file], { encoding: 'utf8' });
    if (run.status !== 0) return { refused: run.stderr };
    const { predictedResources } = JSON.parse(readFileSync(join(directory, 'test.snapshot.json'), 'utf8'));
    return { resources: predictedResources };
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

function literal(value: unknown): string {
  if (typeof value === 'string') return `'${value.replaceAll("'", "\\'")}'`;
  if (Array.isArray(value)) return `[${value.map(literal).join(', ')}]`;
  if (typeof value === 'object' && value !== null)
    return `{ ${Object.entries(value)
      .map(([name, each]) => `'${name}': ${literal(each)}`)
      .join(', ')} }`;
  return String(value);
}
