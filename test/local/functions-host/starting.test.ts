import { createServer } from 'node:net';
import { type HostProcess, startFunctionsHostProcess } from '../../../local/functions-host/process';
import { useAzurite } from '../../support/azurite';
import { buildLocalEntries } from '../../support/local-entries';
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
  const host = await startFunctionsHostProcess({
    entry: entries.host,
    app: options.directory ?? app.directory,
    functions: options.functions,
    port: options.port,
    env: { AzureWebJobsStorage: azurite.connectionString, ...env },
  });
  hosts.push(host);
  return host;
}

describe('starting', () => {
  const broken = (files: Record<string, string>, functions: string[] = []): FixtureApp =>
    buildApp(functions, {}, files);

  it.each([
    [
      'a file that throws',
      { 'dist/functions/bad.js': 'throw new Error("no such luck")' },
      /cannot load dist\/functions\/bad\.js: no such luck/,
    ],
    ['an app that was not built', {}, /no file matches "main"/],
    [
      'a file without functions',
      { 'dist/functions/none.js': '' },
      /no function is registered by dist\/functions\/none\.js/,
    ],
    [
      'a broken host.json',
      { 'host.json': '{"version":"2.0","extensions":{"eventHubs":{"maxWaitTime":"soon"}}}' },
      /host\.json.*soon/s,
    ],
  ])(
    'names what is wrong with %s',
    async (_, files, message) => {
      const directory = broken(files as Record<string, string>);
      await expect(startHost({}, { directory: directory.directory })).rejects.toThrow(message);
      directory.remove();
    },
    60_000,
  );

  it('names a setting that is missing, a function that does not exist and a trigger it does not have', async () => {
    await expect(startHost({})).rejects.toThrow('function "tick": the setting TICK_SCHEDULE is not set');
    await expect(startHost({}, { functions: ['tock'] })).rejects.toThrow('no function "tock"; the app has hello, tick');
    await expect(startHost({ TICK_SCHEDULE: 'now and then' })).rejects.toThrow('no NCRONTAB expression');
    const queue = broken({}, ['queue']);
    await expect(startHost({}, { directory: queue.directory })).rejects.toThrow('no trigger of type "queueTrigger"');
    queue.remove();
  }, 60_000);

  it('says that its port is taken', async () => {
    const server = createServer();
    const port = await new Promise<number>((resolve) => {
      server.listen(0, '127.0.0.1', () => resolve((server.address() as { port: number }).port));
    });
    await expect(startHost({}, { functions: ['hello'], port })).rejects.toThrow(
      `port ${port} for the Functions host is taken`,
    );
    await new Promise((resolve) => server.close(resolve));
  }, 60_000);
});
