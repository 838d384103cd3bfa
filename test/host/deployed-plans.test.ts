import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { readOperatorConfig } from '../../src/config';
import type { LogEvent } from '../../src/engine';
import { Blobs } from '../../src/host/blobs';
import { openPlans, planVersions } from '../../src/host/open-plans';
import { PlanStatusWriter, readPlanStatus } from '../../src/host/plan-status';
import { Conflict, plansContainer } from '../../src/host/plan-versions';
import { PLAN_FORMAT, planFileOf } from '../../src/plan/rule-plan';
import { MemoryStore } from '../../src/state/memory';
import { useAzurite } from '../support/azurite';
import { testPlan } from '../support/world';

jest.setTimeout(60_000);

const azurite = useAzurite();
const T = Date.UTC(2026, 0, 1);
const ONE = planFileOf([testPlan({ query: 'Event | where EventID == 1' })]);
const TWO = planFileOf([testPlan({ query: 'Event | where EventID == 2' })]);
const THREE = planFileOf([testPlan({ query: 'Event | where EventID == 3' })]);

let folder: string;
let count = 0;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'outrider-plans-'));
  writeFileSync(join(folder, 'plans.json'), JSON.stringify(ONE));
  count++;
});
afterEach(() => rmSync(folder, { recursive: true }));

const config = () =>
  readOperatorConfig(
    {
      OUTRIDER_STORAGE: azurite.connectionString,
      OUTRIDER_PLANS: 'blob:',
      OUTRIDER_TABLE_PREFIX: `Plans${count}`,
    },
    join(folder, 'plans.json'),
  );
const versions = () => planVersions(config(), undefined);
const blobs = () => new Blobs(config(), plansContainer(config().tablePrefix));

/** Puts a version in force as another version of Outrider, or a damaged disk, would. */
async function force(
  id: string,
  bytes: Buffer,
  sha256 = createHash('sha256').update(bytes).digest('hex'),
): Promise<void> {
  await blobs().put(`plans/${id}.json.gz`, bytes);
  const before = await versions().catalogue();
  const version = { id, sha256, deployedAt: new Date(T).toISOString(), rules: 1 };
  const file = { format: 1, current: id, versions: [version, ...(before?.versions ?? [])] };
  await blobs().put('current.json', Buffer.from(JSON.stringify(file)));
}

/** An app that takes plans from blob storage. */
async function app() {
  const events: LogEvent[] = [];
  const { deployed, options } = await openPlans(config(), undefined, (event) => events.push(event));
  return { deployed: deployed!, options, events };
}

describe('plans in blob storage', () => {
  it('take the place of the plan file when there are some, and give way to later ones', async () => {
    const { deployed, options } = await app();
    expect(options.plans).toEqual(ONE.rules);
    expect(deployed.status).toEqual({ version: 'bundled' });
    const first = await versions().deploy(JSON.stringify(TWO), T);
    expect(await deployed.current()).toEqual({ version: first.id, plans: TWO.rules });
    const again = await deployed.current();
    expect(await deployed.current()).toBe(again);
    const second = await versions().deploy(JSON.stringify(THREE), T + 1);
    expect(await deployed.current()).toEqual({ version: second.id, plans: THREE.rules });
    expect((await app()).options.plans).toEqual(THREE.rules);
  });

  it('are rolled back, to the version before or to any', async () => {
    const { deployed } = await app();
    const [one, two, three] = [
      await versions().deploy(JSON.stringify(ONE), T),
      await versions().deploy(JSON.stringify(TWO), T + 1),
      await versions().deploy(JSON.stringify(THREE), T + 2),
    ];
    expect((await versions().rollBack()).id).toBe(two!.id);
    expect((await deployed.current()).plans).toEqual(TWO.rules);
    expect((await versions().rollBack(undefined, true)).id).toBe(one!.id);
    expect((await versions().catalogue())?.current).toBe(two!.id);
    expect((await versions().rollBack(three!.id)).id).toBe(three!.id);
    expect((await deployed.current()).plans).toEqual(THREE.rules);
    await versions().rollBack(one!.id);
    await expect(versions().rollBack()).rejects.toThrow('there is no version before the current one');
    await expect(versions().rollBack('none')).rejects.toThrow("there is no version 'none'");
  });

  it.each([
    ['of another format', JSON.stringify({ ...TWO, format: PLAN_FORMAT + 1 }), /has format \d+\.\d+, this engine runs/],
    ['with an operator that this engine has not', JSON.stringify(TWO).replace('"op":"where"', '"op":"whence"'), /./],
    ['that are no plans', '{"rules":[]}', /does not have the form/],
  ])('that do not load (%s) are refused, and those before run on', async (_, text, reason) => {
    await versions().deploy(JSON.stringify(ONE), T);
    const good = await versions().deploy(JSON.stringify(TWO), T + 1);
    const running = await app();
    await expect(versions().deploy(text, T + 2)).rejects.toThrow(reason);
    await force('bad', gzipSync(text));
    expect(await running.deployed.current()).toEqual({ version: good.id, plans: TWO.rules });
    expect(running.deployed.status).toMatchObject({
      version: good.id,
      refused: { version: 'bad', reason: expect.stringMatching(reason) },
    });
    await running.deployed.current();
    expect(running.events.filter(({ level }) => level === 'error')).toMatchObject([
      { message: 'plans refused', version: 'bad' },
    ]);
    // A process that starts now runs the same.
    expect((await app()).deployed.status).toMatchObject({ version: good.id, refused: { version: 'bad' } });
    await versions().rollBack();
    await running.deployed.current();
    expect(running.deployed.status).toEqual({ version: good.id });
  });

  it('are refused when they are not what was deployed, or gone', async () => {
    await force('bad', gzipSync(JSON.stringify(TWO)), 'f'.repeat(64));
    const { deployed } = await app();
    expect(deployed.status).toMatchObject({
      version: 'bundled',
      refused: { version: 'bad', reason: 'its plans are not those that were deployed' },
    });
    await force('gone', gzipSync('{}'));
    await blobs().delete('plans/gone.json.gz');
    await deployed.current();
    expect(deployed.status).toMatchObject({ refused: { version: 'gone', reason: 'its plans are gone' } });
  });

  it('are deployed by one at a time', async () => {
    await versions().deploy(JSON.stringify(ONE), T);
    const results = await Promise.allSettled([
      versions().deploy(JSON.stringify(TWO), T + 1),
      versions().deploy(JSON.stringify(THREE), T + 2),
    ]);
    const lost = results.filter((result) => result.status === 'rejected');
    for (const { reason } of lost) expect(reason).toBeInstanceOf(Conflict);
    const catalogue = await versions().catalogue();
    expect(catalogue?.versions).toHaveLength(3 - lost.length);
  });

  it('are kept in bounded number, the current one always', async () => {
    for (let i = 0; i < 22; i++) await versions().deploy(JSON.stringify(i % 2 ? ONE : TWO), T + i);
    const catalogue = (await versions().catalogue())!;
    expect(catalogue.versions).toHaveLength(20);
    expect(catalogue.versions[0]!.id).toBe(catalogue.current);
    expect(await blobs().get('plans/20260101T000000000Z-none.json.gz')).toBeUndefined();
    for (const version of catalogue.versions) expect((await versions().plans(version)).rules).toHaveLength(1);
  });

  it('say which of them run', async () => {
    const store = new MemoryStore();
    const writer = new PlanStatusWriter(store, 'control');
    expect(await readPlanStatus(store, 'control')).toBeUndefined();
    await writer.write({ version: 'a', refused: { version: 'b', reason: 'r' } }, T);
    expect(await readPlanStatus(store, 'control')).toEqual({
      version: 'a',
      refused: { version: 'b', reason: 'r' },
      at: T,
    });
    await writer.write({ version: 'b' }, T + 1);
    await writer.write({ version: 'b' }, T + 2);
    expect(await readPlanStatus(store, 'control')).toEqual({ version: 'b', at: T + 1 });
    await writer.write({ version: 'b' }, T + 600_001);
    expect(await readPlanStatus(store, 'control')).toEqual({ version: 'b', at: T + 600_001 });
  });
});

describe('the setting OUTRIDER_PLANS', () => {
  const plans = (value?: string) => {
    const { plans: path, hasDeployedPlans } = readOperatorConfig(
      { OUTRIDER_STORAGE: 'UseDevelopmentStorage=true', OUTRIDER_PLANS: value },
      'default.json',
    );
    return [path, hasDeployedPlans];
  };

  it('names a file or blob storage', () => {
    expect(plans()).toEqual(['default.json', false]);
    expect(plans('other.json')).toEqual(['other.json', false]);
    expect(plans('blob:')).toEqual(['default.json', true]);
    expect(() => plans('blob:container')).toThrow("'blob:' with nothing after it");
  });
});
