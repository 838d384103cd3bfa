import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { Blobs } from '../../src/host/blobs';
import { type PlanStatus, readPlanStatus } from '../../src/host/plan-status';
import { deployApp, outrider, ROOT, TestStack } from '../support/full-stack';

jest.setTimeout(180_000);

const app = deployApp(['test/e2e/rules/count.yaml']);
const folder = mkdtempSync(join(tmpdir(), 'outrider-deploy-'));
const settings = join(folder, 'settings.json');
let stack: TestStack;

beforeAll(async () => {
  stack = await TestStack.start({
    app: app.directory,
    hosts: [['evaluate'], ['flush'], ['refresh']],
    env: { OUTRIDER_MODE: 'live', OUTRIDER_PLANS: 'blob:' },
  });
  writeFileSync(settings, JSON.stringify({ Values: { OUTRIDER_STORAGE: stack.stack.storage } }));
});
afterAll(async () => {
  await stack?.stop();
  app.remove();
  rmSync(folder, { recursive: true });
});

const call = (...args: string[]) => JSON.parse(outrider('deploy-rules', ...args, '--settings', settings, '--json'));

/** What the app says that it runs, once it has flushed. */
async function running(): Promise<Partial<PlanStatus>> {
  await stack.flush();
  const { at: _, ...status } = (await readPlanStatus(stack.store, 'OutriderControl'))!;
  return status;
}

it('takes rules that are deployed while it runs, refuses what does not load, and goes back', async () => {
  expect(await running()).toEqual({ version: 'bundled' });
  const first = call(join(ROOT, 'test/e2e/rules/count.yaml'));
  expect(first.rules).toMatchObject([{ change: 'new' }]);
  expect(await running()).toEqual({ version: first.version });
  const second = call(join(ROOT, 'test/e2e/rules/count.yaml'), join(ROOT, 'test/e2e/rules/rows.yaml'));
  expect(second.rules.map(({ change }: { change: string }) => change).sort()).toEqual(['new', 'unchanged']);
  expect(await running()).toEqual({ version: second.version });

  const blobs = new Blobs({ storage: { connectionString: stack.stack.storage } }, 'outrider-plans');
  const bytes = gzipSync('{"format":99,"stateFormat":99,"rules":[]}');
  await blobs.put('plans/bad.json.gz', bytes);
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  const { versions } = call('--list');
  const bad = { id: 'bad', sha256, deployedAt: new Date().toISOString(), rules: 0 };
  const catalogue = { format: 1, current: 'bad', versions: [bad, ...versions] };
  await blobs.put('current.json', Buffer.from(JSON.stringify(catalogue)));
  expect(await running()).toEqual({
    version: second.version,
    refused: { version: 'bad', reason: expect.stringContaining('has format 99.99') },
  });
  expect(call('--rollback', first.version)).toMatchObject({
    version: first.version,
    before: 'bad',
  });
  expect(await running()).toEqual({ version: first.version });
});

it('fetches lists by a function of its own', async () => {
  await stack.stack.invoke('refresh');
  expect(JSON.stringify(stack.events)).toContain('refreshed');
});
