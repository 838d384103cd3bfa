import dns from 'node:dns';
import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { create_container, type EventContext } from 'rhea';
import { type EventHubsEmulator, startEventHubsEmulator } from '../../local/event-hubs-emulator/emulator';
import { HubInfo, type HubSettings } from '../../src/host/hub';
import { StoreUnavailable } from '../../src/state/errors';
import { startTcpProxy, type TcpProxy } from '../support/tcp-proxy';

jest.setTimeout(60_000);

describe('what a hub says of itself', () => {
  let emulator: EventHubsEmulator;
  let proxy: TcpProxy;
  let hub: HubInfo;
  beforeEach(async () => {
    emulator = await startEventHubsEmulator({ hubs: { events: 2 } });
    proxy = await startTcpProxy(emulator.port);
    const connectionString = emulator.connectionString.replace(`:${emulator.port}`, `:${proxy.port}`);
    hub = new HubInfo({ connectionString, hub: 'events', consumerGroup: '$Default', timeoutMs: 1_500 });
  });
  afterEach(async () => {
    await hub.close();
    await proxy.stop();
    await emulator.stop();
  });

  it('a connection that hangs is waited for no longer than the bound, and another one is opened', async () => {
    expect(await hub.ends()).toHaveLength(2);
    proxy.isHung = true;
    await expect(hub.ends()).rejects.toBeInstanceOf(StoreUnavailable);
    // One that is opened anew hangs like the one before.
    await expect(hub.ends()).rejects.toThrow('no answer within 1.5 s');
    proxy.isHung = false;
    expect(await hub.ends()).toHaveLength(2);
  });

  it('when a hub was created is asked anew after a while, whichever way the clock went', async () => {
    const first = await hub.incarnation('0', 1, 4, 10_000_000);
    emulator.recreateHub('events');
    expect(await hub.incarnation('0', 5, 5, 10_000_001)).toBe(first);
    expect(await hub.incarnation('0', 6, 6, 1_000_000)).not.toBe(first);
  });

  it.each([
    ['the numbers of a partition go back', '0', 0],
    ['they begin again where they began', '0', 7],
    ['a partition is new to the process', '1', 8],
  ])('when a hub was created is asked anew where %s', async (_, partition, number) => {
    const first = await hub.incarnation('0', 7, 7, 0);
    emulator.recreateHub('events');
    expect(await hub.incarnation(partition, number, number, 1, Date.now() + 1_000)).not.toBe(first);
  });

  it('a batch that is tried again keeps the hub that it was of, and the first of the new hub has its own', async () => {
    const taken = Date.now() - 60_000;
    const old = await hub.incarnation('0', 0, 499, 1, taken);
    expect(await hub.incarnation('0', 500, 519, 2, taken)).toBe(old);
    emulator.recreateHub('events');
    expect(await hub.incarnation('0', 500, 519, 3, taken)).toBe(old);
    // What was fetched before the hub went follows.
    expect(await hub.incarnation('0', 520, 529, 4, taken)).toBe(old);
    const fresh = await hub.incarnation('0', 0, 299, 5, Date.now() + 1_000);
    expect(fresh).not.toBe(old);
    expect(await hub.incarnation('0', 300, 310, 6, Date.now() + 1_000)).toBe(fresh);
    // Of a partition that the process knows nothing of.
    expect(await hub.incarnation('1', 7, 8, 7, taken)).toBe(`before ${fresh}`);
  });
});

describe('a hub that cannot be asked says which it is, and why', () => {
  const askAt = async (host: string, name = 'events', settings: Partial<HubSettings> = {}): Promise<Error> => {
    const connectionString = `Endpoint=sb://${host};SharedAccessKeyName=n;SharedAccessKey=SECRET;UseDevelopmentEmulator=true`;
    const hub = new HubInfo({ connectionString, hub: name, consumerGroup: '$Default', ...settings });
    const error = await hub.ends().then(
      () => new Error('it was answered'),
      (thrown: Error) => thrown,
    );
    expect(error).toBeInstanceOf(StoreUnavailable);
    expect(error.message).not.toContain('SECRET');
    return error;
  };
  const freePort = async (): Promise<number> => {
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    server.close();
    await once(server, 'close');
    return port;
  };

  it('where nothing listens', async () => {
    const port = await freePort();
    const { message } = await askAt(`localhost:${port}`);
    expect(message).toBe(`the event hub localhost:${port}/events: connect ECONNREFUSED 127.0.0.1:${port}`);
  });

  it('where nothing listens on any address of a host', async () => {
    const port = await freePort();
    const real = dns.lookup;
    const addresses = ['127.0.0.1', '127.0.0.2'].map((address) => ({ address, family: 4 }));
    const spy = jest
      .spyOn(dns, 'lookup')
      .mockImplementation(((host: string, options: object, done: () => void) =>
        host === 'two.test'
          ? process.nextTick(done as (...args: unknown[]) => void, null, addresses)
          : real(host, options, done)) as typeof dns.lookup);
    try {
      const { message } = await askAt(`two.test:${port}`);
      expect(message).toContain(`connect ECONNREFUSED 127.0.0.1:${port}; connect ECONNREFUSED 127.0.0.2:${port}`);
    } finally {
      spy.mockRestore();
    }
  });

  it('where the name is wrong', async () => {
    expect((await askAt('no-such-namespace.invalid')).message).toMatch(
      /^the event hub no-such-namespace\.invalid\/events: getaddrinfo (?:ENOTFOUND|EAI_AGAIN) no-such-namespace\.invalid$/,
    );
    const emulator = await startEventHubsEmulator({ hubs: { events: 1 } });
    const { message } = await askAt(`localhost:${emulator.port}`, 'evnts');
    await emulator.stop();
    expect(message).toMatch(/^the event hub localhost:\d+\/evnts: MessagingEntityNotFoundError: .*evnts/);
  });

  it('where it may not be read', async () => {
    const refuses = create_container();
    const refuse = ({ sender, receiver }: EventContext): void =>
      (sender ?? receiver)!.close({
        condition: 'amqp:unauthorized-access',
        description: "Unauthorized access. 'Listen' claim(s) are required to perform this operation.",
      });
    refuses.on('sender_open', refuse).on('receiver_open', refuse);
    const server = refuses.listen({ port: 0, host: '127.0.0.1' });
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    const { message } = await askAt(`localhost:${port}`);
    server.close();
    // A log line is cut where a quotation begins.
    expect(message).toBe(
      `the event hub localhost:${port}/events: Unauthorized access. Listen claim(s) are required to perform this operation.`,
    );
  });
});
