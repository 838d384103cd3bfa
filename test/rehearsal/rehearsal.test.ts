import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import {
  EventHubConsumerClient,
  EventHubProducerClient,
  earliestEventPosition,
  type ReceivedEventData,
} from '@azure/event-hubs';
import { type Azurite, startAzurite } from '../../local/azurite';
import { type EventHubsEmulator, startEventHubsEmulator } from '../../local/event-hubs-emulator/emulator';
import type { Alert } from '../../src/alerts/alert';
import { attack, messages, ordinary } from '../e2e/samples';
import { bundlePrograms } from '../support/bundle';
import { ROOT, testSettings } from '../support/full-stack';
import { until } from '../support/until';
import { unzip } from '../support/unzip';
import { eventHubInvocation, httpInvocation, timerInvocation } from './requests';
import { SUCCESS } from './rpc';
import { type IndexedFunction, type Invocation, WorkerHost } from './worker-host';

jest.setTimeout(180_000);

/**
 * The package as it is deployed, in a worker that speaks the protocol of the Functions host. OUTRIDER_NODE_WORKER=/path/to/worker.js: in
 * Microsoft's own, where you have it.
 */
const folder = mkdtempSync(join(tmpdir(), 'outrider-rehearsal-'));
const app = join(folder, 'app');
const alertsFile = join(folder, 'alerts.ndjson');
const proto = join(__dirname, 'function-rpc.proto');
const programs = bundlePrograms('test/rehearsal', ['worker/main.ts']);
const worker = testSettings.OUTRIDER_NODE_WORKER ?? join(programs.directory, 'worker', 'main.js');

let azurite: Azurite;
let emulator: EventHubsEmulator;
let events: ReceivedEventData[];
let env: Record<string, string>;
const hosts: WorkerHost[] = [];

const start = async (changes: Record<string, string> = {}, options: { isPlaceholder?: boolean; app?: string } = {}) => {
  const host = await WorkerHost.start({ worker, proto, app, env: { ...env, ...changes }, ...options });
  hosts.push(host);
  return host;
};

beforeAll(async () => {
  [azurite, emulator] = await Promise.all([startAzurite(), startEventHubsEmulator({ hubs: { events: 1 } })]);
  env = {
    AzureWebJobsStorage: azurite.connectionString,
    OUTRIDER_STORAGE: azurite.connectionString,
    EventHubConnection: emulator.connectionString,
    EVENT_HUB_NAME: 'events',
    EVENT_HUB_CONSUMER_GROUP: '$Default',
    FLUSH_SCHEDULE: '0 * * * * *',
    OUTRIDER_SINKS: 'file',
    ALERTS_FILE: alertsFile,
    OUTRIDER_MODE: 'replay',
    OUTRIDER_MAX_WINDOWS_PER_FLUSH: '100000',
    // Of no meaning to the app, and of much to times that are read as local.
    TZ: 'Asia/Kolkata',
  };
  execFileSync(process.execPath, [join(ROOT, 'scripts/package.mjs'), folder, '--no-timing'], { stdio: 'pipe' });
  rmSync(app, { recursive: true, force: true });
  for (const [name, contents] of unzip(readFileSync(join(folder, 'outrider.zip')))) {
    mkdirSync(dirname(join(app, name)), { recursive: true });
    writeFileSync(join(app, name), contents);
  }
  events = await throughTheHub();
});

afterAll(async () => {
  await Promise.all(hosts.map((host) => host.stop()));
  await emulator?.stop();
  await azurite?.stop();
  programs.remove();
  rmSync(folder, { recursive: true, force: true });
});

/** Messages with the attack among them, as a hub hands them out again; bodies are bytes. */
async function throughTheHub(): Promise<ReceivedEventData[]> {
  const producer = new EventHubProducerClient(emulator.connectionString, 'events');
  const bodies = messages([...ordinary(), attack()]).map((body) => Buffer.from(JSON.stringify(body)));
  await producer.sendBatch(bodies.map((body, i) => ({ body, properties: { Shipper: 'test', n: i } })));
  await producer.close();
  const received: ReceivedEventData[] = [];
  const consumer = new EventHubConsumerClient('$Default', emulator.connectionString, 'events');
  const subscription = consumer.subscribe(
    {
      processEvents: async (batch) => void received.push(...batch),
      processError: async (error) => {
        throw error;
      },
    },
    { startPosition: earliestEventPosition, skipParsingBodyAsJson: true, maxWaitTimeInSeconds: 1 },
  );
  await until('the messages', () => received.length === bodies.length, 30_000);
  await subscription.close();
  await consumer.close();
  return received;
}

const partition = () => ({
  fullyQualifiedNamespace: `localhost:${emulator.port}`,
  eventHubName: 'events',
  consumerGroup: '$Default',
  partitionId: '0',
});
const triggerOf = (functions: readonly IndexedFunction[], name: string): { id: string; binding: string } => {
  const found = functions.find((each) => each.name === name)!;
  return { id: found.functionId, binding: String(found.bindings.find(({ direction }) => direction === 'in')!.name) };
};
const said = ({ logs }: Invocation, message: string): Record<string, unknown> => {
  const lines = logs.map((log) => JSON.parse(log.message));
  const found = lines.find((line) => line.message === message);
  if (!found) throw new Error(`no line "${message}" among ${JSON.stringify(lines)}`);
  return found;
};
const alerts = (): Alert[] =>
  existsSync(alertsFile)
    ? readFileSync(alertsFile, 'utf8')
        .split('\n')
        .filter(Boolean)
        .map((line) => JSON.parse(line))
    : [];

describe('the package in a worker', () => {
  let host: WorkerHost;
  let functions: readonly IndexedFunction[];
  beforeAll(async () => {
    host = await start();
    functions = (await host.index()).functions;
  });

  const invokeEvaluate = (
    batch: readonly ReceivedEventData[],
    numbers: 'sint64' | 'json' = 'sint64',
    retryContext?: object,
  ) => {
    const { id, binding } = triggerOf(functions, 'evaluate');
    return host.invoke(id, { ...eventHubInvocation(binding, batch, partition(), { numbers }), retryContext });
  };
  const invokeFlush = () => {
    const { id, binding } = triggerOf(functions, 'flush');
    return host.invoke(id, timerInvocation(binding, new Date()));
  };

  it('has exactly these functions, with these bindings and retries', () => {
    const shown = Object.fromEntries(
      functions.map(({ name, bindings, retryOptions }) => [name, { bindings, retryOptions }]),
    );
    // Deferred binding would hand over a reference to the events in place of their bytes.
    const unnamed = (bindings: readonly Record<string, unknown>[]) =>
      bindings.map(({ name, properties = {}, ...rest }) => {
        expect(properties).not.toHaveProperty('supportsDeferredBinding', 'true');
        return rest;
      });
    expect(Object.keys(shown).sort()).toEqual(['evaluate', 'flush', 'health', 'refresh']);
    expect(unnamed(shown.evaluate!.bindings)).toEqual([
      {
        type: 'eventHubTrigger',
        direction: 'in',
        connection: 'EventHubConnection',
        eventHubName: '%EVENT_HUB_NAME%',
        consumerGroup: '%EVENT_HUB_CONSUMER_GROUP%',
        cardinality: 'many',
        dataType: 'binary',
      },
    ]);
    const seconds = (low: number) => ({ seconds: { low, high: 0, unsigned: false } });
    // Without end, 1 second to 2 minutes apart. A strategy of 0 is not on the wire: exponential backoff.
    expect(shown.evaluate!.retryOptions).toMatchObject({
      maxRetryCount: -1,
      minimumInterval: seconds(1),
      maximumInterval: seconds(120),
    });
    expect(shown.evaluate!.retryOptions!.retryStrategy ?? 0).toBe(0);
    for (const name of ['flush', 'refresh', 'health']) expect(shown[name]!.retryOptions).toBeUndefined();
    expect(unnamed(shown.flush!.bindings)).toEqual([
      { type: 'timerTrigger', direction: 'in', schedule: '%FLUSH_SCHEDULE%', runOnStartup: false },
    ]);
    expect(unnamed(shown.refresh!.bindings)).toEqual([
      { type: 'timerTrigger', direction: 'in', schedule: '0 23 * * * *', runOnStartup: false },
    ]);
    expect(unnamed(shown.health!.bindings)).toEqual([
      { type: 'httpTrigger', direction: 'in', authLevel: 'function', methods: ['GET'], route: 'health' },
      { type: 'http', direction: 'out' },
    ]);
  });

  it('evaluates a batch once, however often and in whichever form it is delivered', async () => {
    const first = await invokeEvaluate(events.slice(0, 3), 'json');
    expect(first.result).toMatchObject({ status: SUCCESS });
    expect(said(first, 'evaluated')).toMatchObject({ messages: 3, deadLetters: 0 });
    const all = await invokeEvaluate(events);
    expect(all.result).toMatchObject({ status: SUCCESS });
    expect(said(all, 'evaluated')).toMatchObject({ messages: events.length, deadLetters: 0, matches: 1 });
    // As after a failure: the third try of endless many.
    const retry = { retryCount: 2, maxRetryCount: -1, exception: { message: 'a failure', stackTrace: '', source: '' } };
    const again = await invokeEvaluate(events, 'sint64', retry);
    expect(again.result).toMatchObject({ status: SUCCESS });
    expect(said(again, 'evaluated')).toMatchObject({ messages: events.length, redelivered: 1 });
  });

  it('closes the window at the tick of the timer, and says it once', async () => {
    const flushed = await invokeFlush();
    expect(flushed.result).toMatchObject({ status: SUCCESS });
    expect(said(flushed, 'flushed')).toMatchObject({ created: 1, failed: 0, sent: 1, undelivered: 0 });
    expect(alerts()).toHaveLength(1);
    expect(alerts()[0]).toMatchObject({ AlertName: 'Lateral Movement via DCOM', Revision: 1 });
    expect(alerts()[0]!.Results).toEqual([expect.objectContaining({ Computer: 'LAB-PC7' })]);
    // The time of the alert's row is the event's, wherever the worker stands.
    expect(alerts()[0]!.Results[0]).toMatchObject({ StartTime: attack().TimeGenerated });
    await invokeEvaluate(events, 'json');
    expect((await invokeFlush()).result).toMatchObject({ status: SUCCESS });
    expect(alerts()).toHaveLength(1);
  });

  it('answers a monitor', async () => {
    const { id, binding } = triggerOf(functions, 'health');
    const url = 'https://app.azurewebsites.net/api/health';
    const { result, returnValue } = await host.invoke(id, httpInvocation(binding, url, { accept: '*/*' }));
    expect(result).toMatchObject({ status: SUCCESS });
    const http = returnValue!.http as { statusCode: string; headers: Record<string, string>; body: { bytes: Buffer } };
    expect(http.statusCode).toBe('200');
    expect(http.headers['cache-control']).toBe('no-store');
    expect(JSON.parse(http.body.bytes.toString())).toMatchObject({ status: 'ok', checks: expect.any(Array) });
  });

  it('fails, to be delivered again, where the hub cannot be asked, and says why', async () => {
    const unreachable = emulator.connectionString.replace(/:\d+/, ':1');
    const other = await start({ EventHubConnection: unreachable });
    const { id, binding } = triggerOf((await other.index()).functions, 'evaluate');
    const { result } = await other.invoke(id, eventHubInvocation(binding, events.slice(0, 1), partition()));
    expect(result.status ?? 0).toBe(0);
    expect(result.exception!.message).toMatch(/the event hub localhost:1\/events: .*ECONNREFUSED/);
  });
});

describe('an instance that waited for an app', () => {
  it('has the same functions, and works', async () => {
    const host = await start({}, { isPlaceholder: true });
    const { functions, isDefault } = await host.index();
    expect({ isDefault, names: functions.map(({ name }) => name).sort() }).toEqual({
      isDefault: false,
      names: ['evaluate', 'flush', 'health', 'refresh'],
    });
    const { id, binding } = triggerOf(functions, 'evaluate');
    const { result } = await host.invoke(id, eventHubInvocation(binding, events.slice(0, 1), partition()));
    expect(result).toMatchObject({ status: SUCCESS });
  });
});

describe('a bad setting', () => {
  const faults = ['OUTRIDER_GRACE must be a duration', 'OUTRIDER_GRCE is no setting', "the sink 'file' needs it"];
  let host: WorkerHost;
  let functions: readonly IndexedFunction[];
  let isDefault: boolean;
  beforeAll(async () => {
    host = await start({ OUTRIDER_GRACE: 'soon', OUTRIDER_GRCE: '5m', ALERTS_FILE: '' });
    ({ functions, isDefault } = await host.index());
  });

  it('takes no function away', () => {
    expect(isDefault).toBe(false);
    expect(functions.map(({ name }) => name).sort()).toEqual(['evaluate', 'flush', 'health', 'refresh']);
  });

  it('is in the log of the start, once and whole', () => {
    const lines = host.stderr.split('\n').filter((line) => line.includes('settings in error'));
    expect(lines).toHaveLength(1);
    for (const fault of faults) expect(JSON.parse(lines[0]!).faults).toContain(fault);
  });

  it('fails every invocation, with the whole text', async () => {
    const batch = (binding: string) => eventHubInvocation(binding, events, partition());
    const tick = (binding: string) => timerInvocation(binding, new Date());
    for (const [name, request] of [
      ['evaluate', batch],
      ['evaluate', batch],
      ['flush', tick],
      ['refresh', tick],
    ] as const) {
      const { id, binding } = triggerOf(functions, name);
      const { result } = await host.invoke(id, request(binding));
      expect({ name, status: result.status ?? 0 }).toEqual({ name, status: 0 });
      for (const fault of faults) expect(result.exception!.message).toContain(fault);
    }
  });

  it('makes health red, with the whole text', async () => {
    const { id, binding } = triggerOf(functions, 'health');
    const { returnValue } = await host.invoke(id, httpInvocation(binding, 'https://app.azurewebsites.net/api/health'));
    const http = returnValue!.http as { statusCode: string; body: { bytes: Buffer } };
    expect(http.statusCode).toBe('503');
    const { status, checks } = JSON.parse(http.body.bytes.toString());
    expect({ status, name: checks[0].name }).toEqual({ status: 'down', name: 'settings' });
    for (const fault of faults) expect(checks[0].detail).toContain(fault);
  });
});

describe('the worker of this rehearsal', () => {
  it('does as the real one with an app that throws before it registers: no functions, and success', async () => {
    const broken = join(folder, 'broken');
    mkdirSync(broken);
    writeFileSync(join(broken, 'package.json'), JSON.stringify({ main: 'index.js' }));
    writeFileSync(join(broken, 'index.js'), "throw new Error('a setting is wrong');");
    const host = await start({}, { app: broken });
    expect(await host.index()).toMatchObject({ isDefault: true, functions: [], result: { status: SUCCESS } });
    expect(host.stderr).toContain('a setting is wrong');
  });
});
