import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readOperatorConfig } from '../../src/config';
import { planVersions } from '../../src/host/open-plans';
import { openStorage } from '../../src/host/operator';
import { PlanStatusWriter } from '../../src/host/plan-status';
import { useAzurite } from '../support/azurite';
import { buildCli, type Cli, type CliResult } from '../support/cli';

jest.setTimeout(300_000);

const azurite = useAzurite();
let cli: Cli;
let folder: string;
let count = 0;
beforeAll(() => {
  cli = buildCli();
});
afterAll(() => cli.remove());
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'outrider-deploy-'));
  mkdirSync(join(folder, 'rules'));
  count++;
});
afterEach(() => rmSync(folder, { recursive: true }));

function rule(name: string, query: string): void {
  const id = `11111111-2222-4333-8444-${Buffer.from(name).toString('hex').padStart(12, '0').slice(-12)}`;
  const head =
    'description: d\nseverity: Low\nrequiredDataConnectors: []\nqueryFrequency: 1h\nqueryPeriod: 1h\ntriggerOperator: gt\ntriggerThreshold: 0\ntactics: []\nrelevantTechniques: []\nversion: 1.0.0\nkind: Scheduled\n';
  writeFileSync(join(folder, 'rules', `${name}.yaml`), `id: ${id}\nname: ${name}\n${head}query: |\n  ${query}\n`);
}

const settings = (): Record<string, string> => ({
  OUTRIDER_STORAGE: azurite.connectionString,
  OUTRIDER_TABLE_PREFIX: `Deploy${count}`,
});
const call = (...args: string[]): Promise<CliResult> => cli.run(['deploy-rules', ...args], { env: settings() });
const deploy = (...args: string[]): Promise<CliResult> => call(join(folder, 'rules'), ...args);
const json = async (result: Promise<CliResult>) => JSON.parse((await result).stdout);

describe('outrider deploy-rules', () => {
  it('deploys, shows what changes, lists and rolls back', async () => {
    rule('kept', 'Event | where EventID == 1 | summarize N = count() by Computer');
    rule('restarted', 'Event | where EventID == 1');
    rule('removed', 'Event | where EventID == 1');
    const tried = await deploy('--dry-run');
    expect(tried).toMatchObject({ code: 0, stdout: 'kept: new\nremoved: new\nrestarted: new\n' });
    expect(await json(call('--list', '--json'))).toEqual({ versions: [], lists: [] });

    const first = await deploy();
    expect(first.code).toBe(0);
    expect(first.stderr).toMatch(/Version \S+ is in force, with 3 rule\(s\)[\s\S]*OUTRIDER_PLANS='blob:'/);
    const same = await deploy('--json');
    expect(same.stderr).toContain('Nothing to deploy');
    expect(JSON.parse(same.stdout).rules.map(({ change }: { change: string }) => change)).toEqual(
      Array(3).fill('unchanged'),
    );

    rule('kept', 'Event | where EventID == 1 | summarize N = count() by Computer | extend M = N');
    rule('restarted', 'Event | where EventID == 2');
    rule('fresh', 'Event | where EventID == 5');
    rmSync(join(folder, 'rules', 'removed.yaml'));
    const second = await deploy();
    expect(second.stdout.split('\n')).toEqual([
      'fresh: new',
      'kept: changed, keeps its state and takes over at once',
      'removed: removed, ends with the window that is open',
      'restarted: changed, keeps other state: takes over in 130m, until then the plan before judges',
      '',
    ]);

    const back = await json(call('--rollback', '--json'));
    const listed = await json(call('--list', '--json'));
    expect(listed.versions).toHaveLength(2);
    expect(listed.current).toBe(listed.versions[1].id);
    expect(back).toMatchObject({ version: listed.current, before: listed.versions[0].id, dryRun: false });
    expect(await json(call('--rollback', listed.versions[0].id, '--json'))).toMatchObject({
      version: listed.versions[0].id,
    });
    expect((await call('--rollback', 'none')).stderr).toContain("there is no version 'none'");
  });

  it('deploys nothing of rules of which one does not compile', async () => {
    rule('good', 'Event | where EventID == 1');
    rule('bad', 'Event | where NoColumn == 1');
    const { code, stdout, stderr } = await deploy();
    expect([code, stdout]).toEqual([1, '']);
    expect(stderr).toMatch(/bad\.yaml:15:\d+: error: .*NoColumn[\s\S]*Nothing was deployed/);
    expect(await json(call('--list', '--json'))).toEqual({ versions: [], lists: [] });
  });

  it('shows that the app refused what is in force', async () => {
    rule('good', 'Event | where EventID == 1');
    await deploy();
    const config = readOperatorConfig(settings(), 'plans.json');
    const { store, tables, credential } = await openStorage(config);
    const catalogue = await planVersions(config, credential).catalogue();
    const refused = { version: catalogue!.current, reason: 'it is of another kind' };
    await new PlanStatusWriter(store, tables.control).write({ version: 'bundled', refused }, Date.UTC(2026, 0, 1));
    const { code, stdout, stderr } = await call('--list');
    expect(code).toBe(1);
    expect(stdout).toMatch(/^\S+ {2}\S+Z {2}1 rule\(s\) {2}in force\n$/);
    expect(stderr).toContain('The app runs bundled, as it said at 2026-01-01T00:00:00.000Z.');
    expect(stderr).toContain(`The app refused ${catalogue!.current}: it is of another kind`);
  });

  it('knows what cannot be meant', async () => {
    expect(await call('--list', '--rollback')).toMatchObject({ code: 2 });
    expect(await call(join(folder, 'rules'))).toMatchObject({ code: 2, stderr: expect.stringContaining('no rule') });
    const { code, stderr } = await cli.run(['deploy-rules', '--list']);
    expect([code, stderr]).toEqual([2, expect.stringContaining('OUTRIDER_STORAGE is not set')]);
  });
});
