import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';

const root = join(__dirname, '../..');

export interface Parameter {
  readonly type?: string;
  readonly $ref?: string;
  readonly defaultValue?: unknown;
  readonly allowedValues?: unknown[];
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly minValue?: number;
  readonly maxValue?: number;
  readonly nullable?: boolean;
  readonly metadata?: { readonly description?: string };
}

export interface Resource {
  readonly type: string;
  readonly name: string;
  readonly apiVersion: string;
  readonly existing?: boolean;
  readonly kind?: string;
  readonly location?: string;
  readonly scope?: string;
  readonly identity?: { readonly type: string };
  readonly properties?: Record<string, unknown>;
  /** Path of the template that it is in, such as `outrider/outrider-functions`. */
  readonly template: string;
}

export interface Template {
  readonly definitions?: Record<string, { readonly properties: Record<string, Parameter> }>;
  readonly parameters?: Record<string, Parameter>;
  readonly outputs?: Record<string, { readonly metadata?: { readonly description?: string } }>;
  readonly variables?: Record<string, unknown>;
  readonly resources: Record<string, Omit<Resource, 'template'>> | Omit<Resource, 'template'>[];
}

export interface Compiled {
  readonly text: string;
  readonly main: Template;
  /** Every template, nested ones under the path of their deployments. */
  readonly templates: ReadonlyMap<string, Template>;
  /** Every resource that is deployed, deployments themselves left out. */
  readonly resources: readonly Resource[];
}

/**
 * infra/main.bicep as ARM JSON, compiled once for what is in infra/; undefined where no compiler is to be had, which is said on stderr.
 * Throws where there is a warning.
 */
export function compileInfra(): Compiled | undefined {
  const cache = join(root, 'node_modules', '.cache', 'infra');
  const compiled = join(cache, `${hashOfInfra()}.json`);
  if (!existsSync(compiled)) {
    mkdirSync(cache, { recursive: true });
    const out = `${compiled}.${process.pid}`;
    const script = `
      import { findBicep, runBicep } from ${JSON.stringify(join(root, 'scripts/bicep.mjs'))};
      const bicep = findBicep();
      if (bicep.missing) { process.stderr.write(bicep.missing); process.exit(3); }
      const { ok, output } = runBicep(bicep, 'build', process.argv[1], ['--outfile', process.argv[2]]);
      process.stderr.write(output);
      process.exit(ok && output === '' ? 0 : 1);`;
    const run = spawnSync(
      process.execPath,
      ['--input-type=module', '-e', script, join(root, 'infra/main.bicep'), out],
      { encoding: 'utf8' },
    );
    if (run.status === 3) {
      process.stderr.write(`infra tests skipped, no Bicep compiler: ${run.stderr}\n`);
      return undefined;
    }
    if (run.status !== 0) {
      rmSync(out, { force: true });
      throw new Error(`infra/main.bicep does not compile cleanly:\n${run.stderr}`);
    }
    renameSync(out, compiled);
  }
  return readTemplate(readFileSync(compiled, 'utf8'));
}

export function hashOfInfra(): string {
  const hash = createHash('sha256').update(readFileSync(join(root, 'scripts/bicep.mjs')));
  const names = readdirSync(join(root, 'infra'), { recursive: true, encoding: 'utf8' }).filter((name) =>
    /\.(?:bicep|json|kql)$/.test(name),
  );
  for (const name of names.sort()) hash.update(`${name}\n`).update(readFileSync(join(root, 'infra', name)));
  return hash.digest('hex').slice(0, 24);
}

function readTemplate(text: string): Compiled {
  const main = JSON.parse(text) as Template;
  const templates = new Map<string, Template>();
  const resources: Resource[] = [];
  const visit = (path: string, template: Template): void => {
    templates.set(path, template);
    for (const resource of Object.values(template.resources)) {
      if (resource.existing) continue;
      if (resource.type !== 'Microsoft.Resources/deployments') {
        resources.push({ ...resource, template: path });
        continue;
      }
      const { template: nested } = resource.properties as { template: Template };
      visit(path === '' ? resource.name : `${path}/${resource.name}`, nested);
    }
  };
  visit('', main);
  return { text, main, templates, resources };
}

/** Parameters that a nested deployment is given. */
export function parametersOf(
  compiled: Compiled,
  parent: string,
  deployment: string,
): Record<string, { value: unknown }> {
  const template = compiled.templates.get(parent);
  const found = Object.values(template?.resources ?? {}).find(
    ({ type, name }) => type === 'Microsoft.Resources/deployments' && name === deployment,
  );
  if (!found) throw new Error(`no deployment ${deployment} in ${parent}`);
  return (found.properties as { parameters: Record<string, { value: unknown }> }).parameters;
}
