import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseDocument } from 'yaml';

const root = join(__dirname, '../..');
const folder = join(root, 'infra/pipelines');

interface Step {
  readonly uses?: string;
  readonly run?: string;
  readonly with?: Readonly<Record<string, unknown>>;
}
interface Workflow {
  readonly permissions: object;
  readonly jobs: Readonly<
    Record<
      string,
      {
        readonly steps: readonly Step[];
        readonly permissions: object;
        readonly environment?: string;
        readonly env?: object;
      }
    >
  >;
}

describe.each(readdirSync(folder))('the pipeline %s', (name) => {
  const text = readFileSync(join(folder, name), 'utf8');
  const document = parseDocument(text, { uniqueKeys: true, strict: true });
  const workflow = document.toJS() as Workflow;
  const jobs = Object.values(workflow.jobs);
  const steps = jobs.flatMap((job) => job.steps);

  it('is YAML without a fault', () => {
    expect([...document.errors, ...document.warnings]).toEqual([]);
  });

  it('runs actions of one commit each, with the version beside it', () => {
    const used = steps.flatMap(({ uses }) => uses ?? []);
    expect(used.length).toBeGreaterThan(3);
    for (const action of used) {
      expect(action).toMatch(/^[\w-]+\/[\w-]+@[0-9a-f]{40}$/);
      expect(text).toMatch(new RegExp(`${action} # v\\d+\\.\\d+\\.\\d+\\n`));
    }
  });

  it('stores no secret: only the job that signs in may ask for a token, from an environment', () => {
    expect(text).not.toMatch(/secrets\.|client-secret|AZURE_CREDENTIALS|creds:/i);
    expect(workflow.permissions).toEqual({});
    for (const job of jobs) {
      const signsIn = job.steps.some(({ uses }) => uses?.startsWith('azure/login@'));
      expect(job.permissions).toEqual(signsIn ? { 'id-token': 'write' } : { contents: 'read' });
      expect(job.environment).toBe(signsIn ? 'production' : undefined);
      expect(job.steps.some(({ run }) => run?.includes('npm '))).toBe(!signsIn);
    }
  });

  it('puts nothing of an expression into a shell', () => {
    for (const { run } of steps) expect(run ?? '').not.toContain('${{');
  });

  it('deploys what is there: the template, its parameters, the package, the health', () => {
    const run = steps.map((step) => step.run ?? '').join('\n');
    const parameters = readFileSync(join(root, /--parameters (\S+)/.exec(run)![1]!), 'utf8');
    const [env] = jobs.flatMap((job) => job.env ?? []);
    expect(Object.keys(env!)).toHaveLength(3);
    for (const variable of Object.keys(env!)) expect(parameters).toContain(`readEnvironmentVariable('${variable}'`);
    const source = readFileSync(join(root, 'infra', /^using '(.+)'$/m.exec(parameters)![1]!), 'utf8');
    for (const [, output] of run.matchAll(/\.([A-Z_]+)\.value' /g)) expect(source).toContain(`output ${output} `);
    const scripts = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')).scripts;
    for (const [, script] of run.matchAll(/npm run (?:--silent )?(\w+)/g)) expect(scripts).toHaveProperty(script!);
    expect(run).toContain('dist/outrider.zip');
    expect(run).toContain('/api/health');
  });
});
