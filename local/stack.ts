import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { type Azurite, startAzurite } from './azurite';
import type { HubOptions } from './event-hubs-emulator/hub';
import { type EmulatorProcess, startEventHubsEmulatorProcess } from './event-hubs-emulator/process';
import type { HostEvent } from './functions-host/events';
import { type HostProcess, startFunctionsHostProcess } from './functions-host/process';
import { localSettings } from './settings';

const EMULATOR = join('event-hubs-emulator', 'main.js');
const HOST = join('functions-host', 'main.js');

export interface StackOptions {
  /** Directory of the function app: package.json, host.json, dist/functions. */
  app: string;
  /** Hubs of the emulator; default `{ events: 4 }`. The functions read the first one. */
  hubs?: Readonly<Record<string, number | Omit<HubOptions, 'clock'>>>;
  consumerGroup?: string;
  /** One host process for each entry, with these functions; default one process with all of them. */
  hosts?: readonly (readonly string[] | 'all')[];
  /** Settings over those of `localSettings`. */
  env?: Readonly<Record<string, string>>;
  alertsFile?: string;
  /** 0 or absent: any free port. A port that is taken is an error. */
  ports?: { eventHubs?: number; blob?: number; table?: number; http?: number };
  /** Directory of the compiled programs; default: where this code lies, or dist/local. */
  entries?: string;
  retentionBytes?: number;
  ownershipExpiryMs?: number;
  checkpointDelayMs?: number;
  onEvent?: (event: HostEvent) => void;
}

/** What one host has of its own, over what all have. */
export interface HostOverrides {
  env?: Readonly<Record<string, string>>;
  checkpointDelayMs?: number;
  onEvent?: (event: HostEvent) => void;
}

export interface Stack {
  storage: string;
  eventHubs: string;
  hub: string;
  azurite: Azurite;
  emulator: EmulatorProcess;
  /** The settings that the hosts run with. */
  env: Readonly<Record<string, string>>;
  /** Host processes that were started and not stopped through `stop`. */
  hosts: readonly HostProcess[];
  /** Another host process with these functions (all without), e.g. in the place of one that was killed. */
  startHost(functions?: readonly string[], overrides?: HostOverrides): Promise<HostProcess>;
  /** Runs a timer function now, in the newest host that has it. */
  invoke(name: string): Promise<void>;
  /** Stops hosts, emulator and storage, in this order. No process is left, whatever happens. */
  stop(): Promise<void>;
}

/** Brings up storage, event hubs and the Functions host as child processes. If one fails, the others are stopped. */
export async function startStack(options: StackOptions): Promise<Stack> {
  const directory = options.entries ?? entryDirectory();
  const { ports = {} } = options;
  const consumerGroup = options.consumerGroup ?? 'outrider';
  const hubs = withConsumerGroup(options.hubs ?? { events: 4 }, consumerGroup);
  const hub = Object.keys(hubs)[0]!;
  const [azurite, emulator] = await both(
    startAzurite({ blobPort: ports.blob, tablePort: ports.table }),
    startEventHubsEmulatorProcess({
      hubs,
      port: ports.eventHubs,
      retentionBytes: options.retentionBytes,
      entry: join(directory, EMULATOR),
    }),
  );
  const settings = localSettings({
    storage: azurite.connectionString,
    eventHubs: emulator.connectionString,
    hub,
    consumerGroup,
    alertsFile: options.alertsFile,
  });
  const env = { ...settings, ...options.env } as Record<string, string>;
  const hosts: HostProcess[] = [];
  const startHost = async (
    functions?: readonly string[],
    port?: number,
    overrides: HostOverrides = {},
  ): Promise<HostProcess> => {
    const { app, onEvent, ownershipExpiryMs, checkpointDelayMs } = options;
    const entry = join(directory, HOST);
    const host = await startFunctionsHostProcess({
      entry,
      app,
      functions,
      port,
      env: { ...env, ...overrides.env },
      onEvent: overrides.onEvent ?? onEvent,
      ownershipExpiryMs,
      checkpointDelayMs: overrides.checkpointDelayMs ?? checkpointDelayMs,
    });
    hosts.push(host);
    void host.exited.then(() => {
      if (hosts.includes(host)) hosts.splice(hosts.indexOf(host), 1);
    });
    return host;
  };
  const stop = async (): Promise<void> => {
    await Promise.allSettled(hosts.map((host) => host.stop()));
    await Promise.allSettled([emulator.stop(), azurite.stop()]);
  };
  try {
    for (const [index, functions] of (options.hosts ?? ['all' as const]).entries()) {
      await startHost(functions === 'all' ? undefined : functions, index === 0 ? ports.http : 0);
    }
  } catch (error) {
    await stop();
    throw error;
  }
  return {
    storage: azurite.connectionString,
    eventHubs: emulator.connectionString,
    hub,
    azurite,
    emulator,
    env,
    hosts,
    startHost: (functions, overrides) => startHost(functions, 0, overrides),
    async invoke(name) {
      const host = [...hosts].reverse().find((candidate) => candidate.functions.includes(name));
      if (!host) throw new Error(`no running host has a function "${name}"`);
      await host.invoke(name);
    },
    stop,
  };
}

function entryDirectory(): string {
  const candidates = [__dirname, join(__dirname, '..', 'dist', 'local')];
  const found = candidates.find((directory) => existsSync(join(directory, HOST)));
  if (!found) throw new Error(`the local programs are not built: no ${HOST} in ${candidates.join(' or ')}`);
  return found;
}

function withConsumerGroup(
  hubs: NonNullable<StackOptions['hubs']>,
  consumerGroup: string,
): Record<string, Omit<HubOptions, 'clock'>> {
  return Object.fromEntries(
    Object.entries(hubs).map(([name, hub]) => {
      const options = typeof hub === 'number' ? { partitions: hub } : hub;
      return [name, { ...options, consumerGroups: [...(options.consumerGroups ?? []), consumerGroup] }];
    }),
  );
}

/** Both, or neither: when one fails, the other is stopped. */
async function both<A extends { stop(): Promise<void> }, B extends { stop(): Promise<void> }>(
  a: Promise<A>,
  b: Promise<B>,
): Promise<[A, B]> {
  const [first, second] = await Promise.allSettled([a, b]);
  if (first.status === 'fulfilled' && second.status === 'fulfilled') return [first.value, second.value];
  for (const result of [first, second]) if (result.status === 'fulfilled') await result.value.stop();
  throw first.status === 'rejected' ? first.reason : (second as PromiseRejectedResult).reason;
}
