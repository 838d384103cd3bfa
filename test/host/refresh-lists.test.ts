import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createCompiler } from '../../src/compiler/compile';
import { readOperatorConfig } from '../../src/config';
import type { LogEvent } from '../../src/engine';
import { listAges } from '../../src/host/list-ages';
import { listStore, openPlans, planVersions } from '../../src/host/open-plans';
import { refreshLists } from '../../src/host/refresh-lists';
import { planFileOf, type RulePlan } from '../../src/plan/rule-plan';
import { DEFAULT_SETTINGS } from '../../src/plan/rule-settings';
import { compileRule } from '../../src/rules/compile';
import { readRule } from '../../src/rules/read';
import { useAzurite } from '../support/azurite';
import { ListServer } from '../support/list-server';

jest.setTimeout(60_000);

const azurite = useAzurite();
const T = Date.UTC(2026, 0, 1);
const DAY = 86_400_000;

let server: ListServer;
let folder: string;
let count = 0;
beforeEach(async () => {
  server = await new ListServer().start();
  folder = mkdtempSync(join(tmpdir(), 'outrider-refresh-'));
  count++;
});
afterEach(async () => {
  await server.stop();
  rmSync(folder, { recursive: true });
});

const EVENT = {
  name: 'Event',
  columns: [
    { name: 'TimeGenerated', type: 'datetime' as const },
    { name: 'Computer', type: 'string' as const },
  ],
};

let given = { text: '', sha256: 's', fetchedAt: '' };
const compiler = createCompiler([EVENT], [], { external: () => given, watchlists: new Map() });

function plan(text: string, at = T): RulePlan {
  given = { text, sha256: 's', fetchedAt: new Date(at).toISOString() };
  const query = `Event | where Computer in ((externaldata(Name:string)["${server.url}/bad.csv?sig=secret"]))`;
  const yaml = `id: 11111111-2222-4333-8444-555555555555\nname: r\ndescription: d\nseverity: Low\nrequiredDataConnectors: []\nqueryFrequency: 1h\nqueryPeriod: 1h\ntriggerOperator: gt\ntriggerThreshold: 0\ntactics: []\nrelevantTechniques: []\nversion: 1.0.0\nkind: Scheduled\nquery: |\n  ${query}\n`;
  return compileRule(compiler, readRule(yaml, 'r.yaml'), DEFAULT_SETTINGS, 'settings.yaml').plan!;
}

function config(plans: readonly RulePlan[], env: Record<string, string> = {}) {
  writeFileSync(join(folder, 'plans.json'), JSON.stringify(planFileOf(plans)));
  return readOperatorConfig(
    { OUTRIDER_STORAGE: azurite.connectionString, OUTRIDER_TABLE_PREFIX: `Lists${count}`, ...env },
    join(folder, 'plans.json'),
  );
}

const rowsOf = (plans: readonly RulePlan[]): string => /"rows":(\[\[.*?\]\])/.exec(JSON.stringify(plans))![1]!;

describe('lists fetched anew', () => {
  it('come into the plans that run, when they have changed', async () => {
    const plans = [plan('a\n')];
    const app = await openPlans(config(plans), undefined, () => undefined);
    const store = listStore(config(plans), undefined);
    const refresh = (now: number) => refreshLists({ plans, store, everyMs: DAY, now: () => now, log: () => undefined });
    server.serve('/bad.csv', 'a\n');
    expect(await refresh(T + DAY - 1)).toMatchObject({ checked: 0 });
    expect(server.requests).toEqual([]);
    expect(await refresh(T + DAY)).toMatchObject({ checked: 1, failed: 0, old: 0 });
    // The same rows: the same version, so that nothing begins anew.
    const same = await app.options.deployedPlans!();
    expect(same).toMatchObject({ version: 'bundled', plans: [{ hash: plans[0]!.hash }] });
    server.serve('/bad.csv', 'a\nb\n');
    expect(await refresh(T + DAY + 1)).toMatchObject({ checked: 0 });
    expect(await refresh(T + 2 * DAY)).toMatchObject({ checked: 1, changed: 1 });
    const changed = await app.options.deployedPlans!();
    expect(rowsOf(changed.plans)).toBe('[["a"],["b"]]');
    expect(changed.version).toMatch(/^bundled\+[0-9a-f]{12}$/);
    expect(changed.plans[0]!.hash).toBe(plan('a\nb\n').hash);
    expect(await app.options.deployedPlans!()).toBe(changed);
    // Another process comes to the same, and one that starts now.
    const other = await openPlans(config(plans), undefined, () => undefined);
    expect(rowsOf(other.options.plans)).toBe('[["a"],["b"]]');
    expect((await other.options.deployedPlans!()).version).toBe(changed.version);
  });

  it('stay as they were when they cannot be had, are empty or are no lists, and are alarmed of when they are old', async () => {
    const plans = [plan('a\n')];
    const store = listStore(config(plans), undefined);
    const logs: LogEvent[] = [];
    const refresh = (now: number) =>
      refreshLists({ plans, store, everyMs: DAY, now: () => now, log: (event) => logs.push(event) });
    expect(await refresh(T + DAY)).toEqual({ checked: 1, changed: 0, failed: 1, old: 0 });
    server.serve('/bad.csv', '');
    await refresh(T + 2 * DAY);
    server.serve('/bad.csv', '<html>maintenance</html>');
    expect(await refresh(T + 4 * DAY)).toEqual({ checked: 1, changed: 0, failed: 1, old: 1 });
    expect(logs.map(({ message, reason, hours }) => [message, reason ?? hours])).toEqual([
      ['list not refreshed', 'the server answered 404 Not Found'],
      ['list not refreshed', 'it has no rows any more'],
      ['list not refreshed', 'it is a web page, not a list'],
      ['list is old', 96],
    ]);
    expect(JSON.stringify(logs)).not.toContain('secret');
    expect(await store.catalogue()).toBeUndefined();
    server.serve('/bad.csv', 'b\n');
    expect(await refresh(T + 5 * DAY)).toEqual({ checked: 1, changed: 1, failed: 0, old: 0 });
  });

  it('give way to those that plans were built with later', async () => {
    const store = listStore(config([]), undefined);
    server.serve('/bad.csv', 'old\n');
    await refreshLists({ plans: [plan('a\n')], store, everyMs: DAY, now: () => T + DAY, log: () => undefined });
    const settings = config([plan('a\n')], { OUTRIDER_PLANS: 'blob:' });
    const { options, deployed } = await openPlans(settings, undefined, () => undefined);
    expect(rowsOf(options.plans)).toBe('[["old"]]');
    const later = planFileOf([plan('new\n', T + 2 * DAY)]);
    const { id } = await planVersions(settings, undefined).deploy(JSON.stringify(later), T + 2 * DAY);
    const now = await options.deployedPlans!();
    expect([now.version, rowsOf(now.plans)]).toEqual([id, '[["new"]]']);
    expect(deployed!.status).toEqual({ version: id });
  });

  it('are left alone where the setting says so', async () => {
    const { options } = await openPlans(
      config([plan('a\n')], { OUTRIDER_LISTS_EVERY: '0' }),
      undefined,
      () => undefined,
    );
    expect(options.deployedPlans).toBeUndefined();
    expect(() => config([], { OUTRIDER_LISTS_EVERY: '5m' })).toThrow('OUTRIDER_LISTS_EVERY must be 0 or at least 1h');
  });

  it('have ages', async () => {
    const plans = [plan('a\n')];
    const name = `${server.url}/bad.csv`;
    const built = { name, kind: 'external', rows: 1, fetchedAt: '2026-01-01T00:00:00.000Z' };
    const store = listStore(config(plans), undefined);
    const ages = async (now: number) => listAges(plans, (await store.catalogue())?.lists ?? {}, now);
    expect(await ages(T + 5)).toEqual([{ ...built, ageMs: 5 }]);
    const refresh = (now: number) => refreshLists({ plans, store, everyMs: DAY, now: () => now, log: () => undefined });
    server.serve('/bad.csv', 'x\ny\n');
    await refresh(T + DAY);
    await refresh(T + 2 * DAY);
    // Seen again with the same content: as new as the second time, with the date of the first.
    expect(await ages(T + 2 * DAY + 7)).toEqual([
      { ...built, rows: 2, fetchedAt: '2026-01-02T00:00:00.000Z', ageMs: 7 },
    ]);
  });
});
