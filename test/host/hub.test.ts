import { type EventHubsEmulator, startEventHubsEmulator } from '../../local/event-hubs-emulator/emulator';
import { HubInfo } from '../../src/host/hub';
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
  });
});
