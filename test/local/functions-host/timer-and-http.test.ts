import { BlobServiceClient } from '@azure/storage-blob';
import type { HostEvent } from '../../../local/functions-host/events';
import { type HostProcess, startFunctionsHostProcess } from '../../../local/functions-host/process';
import { useAzurite } from '../../support/azurite';
import { buildLocalEntries } from '../../support/local-entries';
import { until } from '../../support/until';
import { buildApp, type FixtureApp } from '../fixtures/build-app';

const azurite = useAzurite();
let entries: ReturnType<typeof buildLocalEntries>;
let app: FixtureApp;
const hosts: HostProcess[] = [];

beforeAll(() => {
  entries = buildLocalEntries();
  app = buildApp(['tick', 'hello'], {});
});
afterEach(async () => {
  for (const host of hosts.splice(0)) await host.kill();
});
afterAll(() => {
  app?.remove();
  entries?.remove();
});

async function startHost(
  env: Record<string, string>,
  options: { functions?: string[]; port?: number; directory?: string } = {},
) {
  const events: HostEvent[] = [];
  const host = await startFunctionsHostProcess({
    entry: entries.host,
    app: options.directory ?? app.directory,
    functions: options.functions,
    port: options.port,
    env: { AzureWebJobsStorage: azurite.connectionString, ...env },
    onEvent: (event) => events.push(event),
  });
  hosts.push(host);
  return { ...host, events };
}

describe('timer trigger', () => {
  it('fires on its schedule, one run at a time', async () => {
    const host = await startHost(
      { TICK_SCHEDULE: '* * * * * *', FIXTURE_TICKS: app.path('often') },
      { functions: ['tick'] },
    );
    await Promise.all([host.invoke('tick'), host.invoke('tick'), host.invoke('tick')]);
    await until('five runs', () => app.lines('often').length >= 10);
    await host.stop();
    const kinds = app.lines('often').map((line) => line.split(' ')[0]);
    expect(kinds).toEqual(kinds.map((_, i) => (i % 2 === 0 ? 'start' : 'end')));
  }, 60_000);

  it('makes up at start for the run that was missed, past due, and remembers it', async () => {
    const env = { TICK_SCHEDULE: '0 0 * * * *', FIXTURE_TICKS: app.path('hourly') };
    const first = await startHost(env, { functions: ['tick'] });
    await first.stop();
    expect(app.lines('hourly')).toEqual([]);
    const container = BlobServiceClient.fromConnectionString(azurite.connectionString).getContainerClient(
      'azure-webjobs-hosts',
    );
    const blobs: string[] = [];
    for await (const blob of container.listBlobsFlat())
      if (blob.name.endsWith('Host.Functions.tick/status')) blobs.push(blob.name);
    expect(blobs).toHaveLength(1);
    const blob = container.getBlockBlobClient(blobs[0]!);
    const status = JSON.parse((await blob.downloadToBuffer()).toString());
    expect(Date.parse(status.Next)).toBeGreaterThan(Date.now());
    const old = JSON.stringify({
      Last: '2020-01-01T00:00:00Z',
      Next: '2020-01-01T01:00:00Z',
      LastUpdated: '2020-01-01T00:00:00Z',
    });
    await blob.upload(old, old.length);
    const second = await startHost(env, { functions: ['tick'] });
    await until('the missed run', () => app.lines('hourly').includes('end'));
    expect(JSON.parse(app.lines('hourly')[0]!.slice(6))).toMatchObject({
      isPastDue: true,
      scheduleStatus: { last: '2020-01-01T00:00:00Z', next: '2020-01-01T01:00:00Z' },
    });
    await second.stop();
    const third = await startHost(env, { functions: ['tick'] });
    await third.invoke('tick');
    await third.stop();
    const runs = app.lines('hourly').filter((line) => line.startsWith('start'));
    expect(runs.map((line) => JSON.parse(line.slice(6)).isPastDue)).toEqual([true, false]);
  }, 60_000);

  it('is started by POST /admin/functions/NAME, and tells who asks over IPC when it fails', async () => {
    const env = { TICK_SCHEDULE: '0 0 0 1 1 *', FIXTURE_TICKS: app.path('asked'), TICK_FAILS: '1' };
    const host = await startHost(env, { functions: ['tick'] });
    const admin = (name: string, method = 'POST') =>
      fetch(`http://127.0.0.1:${host.httpPort}/admin/functions/${name}`, { method });
    expect((await admin('tick')).status).toBe(202);
    expect((await admin('nothing')).status).toBe(404);
    expect((await admin('tick', 'GET')).status).toBe(405);
    await until('the run', () => host.events.some((event) => event.type === 'invocation'));
    await expect(host.invoke('tick')).rejects.toThrow('tick was told to fail');
    await expect(host.invoke('hello')).rejects.toThrow('no timer function "hello"');
    await host.stop();
  }, 60_000);
});

describe('http trigger', () => {
  it('routes by path and method, and carries headers, query and body', async () => {
    const host = await startHost({}, { functions: ['hello'] });
    const base = `http://127.0.0.1:${host.httpPort}/api/hello`;
    const answer = await fetch(`${base}/Zo%C3%AB?q=1%202`, { method: 'POST', body: 'grüße' });
    expect(answer.status).toBe(201);
    expect(answer.headers.get('x-fixture')).toBe('yes');
    expect(await answer.json()).toEqual({ params: { name: 'Zoë' }, query: '1 2', body: 'grüße' });
    expect(await (await fetch(`${base}/a/b`)).json()).toMatchObject({ params: { name: 'a', rest: 'b' }, query: null });
    expect((await fetch(`${base}/a`, { method: 'DELETE' })).status).toBe(405);
    expect((await fetch(`${base}`)).status).toBe(404);
    expect((await fetch(`${base}/fault`)).status).toBe(500);
    await host.stop();
  }, 60_000);
});
