import { createServer } from 'node:net';
import { EventHubProducerClient } from '@azure/event-hubs';
import type { HostEvent } from '../../local/functions-host/events';
import { startStack } from '../../local/stack';
import { buildLocalEntries } from '../support/local-entries';
import { isRunning } from '../support/processes';
import { until } from '../support/until';
import { buildApp, type FixtureApp } from './fixtures/build-app';

let entries: ReturnType<typeof buildLocalEntries>;
let app: FixtureApp;

beforeAll(() => {
  entries = buildLocalEntries();
  app = buildApp(['evaluate', 'flush'], {});
});
afterAll(() => {
  app?.remove();
  entries?.remove();
});

describe('startStack', () => {
  it('runs functions in processes of their own, replaces a killed one, and leaves no process behind', async () => {
    const events: HostEvent[] = [];
    const stack = await startStack({
      app: app.directory,
      entries: entries.directory,
      hosts: [['evaluate'], ['flush']],
      alertsFile: app.path('alerts'),
      ownershipExpiryMs: 1200,
      env: { FLUSH_SCHEDULE: '0 0 0 1 1 *' },
      onEvent: (event) => events.push(event),
    });
    const pids = [stack.azurite.pid, stack.emulator.pid, ...stack.hosts.map((host) => host.pid)];
    try {
      expect(stack.hosts.map((host) => host.functions)).toEqual([['evaluate'], ['flush']]);
      const doomed = stack.hosts[0]!;
      await doomed.kill();
      await until('the host to be forgotten', () => stack.hosts.length === 1);
      const next = await stack.startHost(['evaluate']);
      pids.push(next.pid);
      const producer = new EventHubProducerClient(stack.eventHubs, stack.hub);
      await producer.sendBatch([{ body: Buffer.from('a') }, { body: Buffer.from('b') }]);
      await producer.close();
      await until('both messages', () => app.lines('alerts.seen').length === 2);
      await stack.invoke('flush');
      expect(app.lines('alerts').map((line) => JSON.parse(line).AlertName)).toEqual(['Saw 2 messages']);
      await expect(stack.invoke('nothing')).rejects.toThrow('no running host has a function "nothing"');
    } finally {
      await stack.stop();
    }
    expect(pids.filter(isRunning)).toEqual([]);
  }, 60_000);

  it('stops what it had started when a port is taken or the app does not load', async () => {
    const server = createServer();
    const port = await new Promise<number>((resolve) => {
      server.listen(0, '127.0.0.1', () => resolve((server.address() as { port: number }).port));
    });
    const options = { app: app.directory, entries: entries.directory };
    await expect(startStack({ ...options, ports: { eventHubs: port } })).rejects.toThrow(
      `port ${port} for the Event Hubs emulator is taken`,
    );
    await new Promise((resolve) => server.close(resolve));
    await expect(startStack({ ...options, hosts: [['nothing']] })).rejects.toThrow('there is no function "nothing"');
  }, 60_000);
});
