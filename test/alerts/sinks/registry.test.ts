import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { deliver } from '../../../src/alerts/delivery/deliver';
import { defineSink, openSinks } from '../../../src/alerts/sinks/define';
import { SINKS } from '../../../src/alerts/sinks/registry';
import type { AlertJson } from '../../../src/alerts/sinks/sink';
import { readConfig, SETTINGS } from '../../../src/config';
import { MemoryStore } from '../../../src/state/memory';
import { publish, T } from '../delivery/outbox';
import { alertWith } from './alerts';

const SUPPORT = ['define.ts', 'registry.ts', 'sink.ts'];
const folder = join(__dirname, '../../../src/alerts/sinks');
const env = {
  OUTRIDER_STORAGE: 'UseDevelopmentStorage=true',
  EventHubConnection: 'Endpoint=sb://localhost;UseDevelopmentEmulator=true',
  EVENT_HUB_NAME: 'events',
  EVENT_HUB_CONSUMER_GROUP: 'outrider',
};
const context = {
  credential: async () => ({ getToken: async () => ({ token: 'of the app', expiresOnTimestamp: 0 }) }),
  now: () => T,
};

describe('the registry of sinks', () => {
  it('has the sink of every file, by the name of the file', () => {
    const files = readdirSync(folder, { withFileTypes: true })
      .filter((entry) => entry.isFile() && !SUPPORT.includes(entry.name))
      .map(({ name }) => name.replace(/\.ts$/, ''));
    expect(SINKS.map(({ name }) => name).sort()).toEqual(files.sort());
  });

  it('gives no setting to two sinks, nor one of the app to a sink', () => {
    const names = SETTINGS.map(({ name }) => name);
    expect(names).toEqual([...new Set(names)]);
  });
});

describe('a sink that is nothing but its definition', () => {
  const received: { url: string; region: string; token: string; alerts: AlertJson[] }[] = [];
  const pager = defineSink({
    name: 'pager',
    settings: {
      PAGER_URL: { kind: 'url', description: 'where it is.' },
      OUTRIDER_PAGER_REGION: { kind: 'text', description: 'its region.', default: 'north' },
      PagerConnection: { kind: 'connection', description: 'a namespace.' },
    },
    open: async ({ PAGER_URL: url, OUTRIDER_PAGER_REGION: region, PagerConnection }, { name, credential }) => ({
      name,
      async send(alerts) {
        const { token } = (await (await credential()).getToken('scope'))!;
        received.push({ url, region: `${region} ${PagerConnection.connectionString}`, token, alerts: [...alerts] });
        return { failed: [] };
      },
    }),
  });
  const sinks = [...SINKS, pager];
  const read = (more: Record<string, string>) => readConfig({ ...env, ...more }, 'plans.json', sinks);

  it('is read from settings, opened and delivered to', async () => {
    const { sinks: chosen } = read({
      OUTRIDER_SINKS: 'pager',
      PAGER_URL: 'https://pager.example/',
      PagerConnection: 'secret',
    });
    const opened = await openSinks(chosen, context);
    const outbox = { store: new MemoryStore(), table: 'alerts' };
    await publish(outbox, [alertWith('a'), alertWith('b')], { sinks: ['pager'] });
    await deliver(outbox, opened, { now: T });
    expect(received).toMatchObject([
      {
        ...{ url: 'https://pager.example/', region: 'north secret', token: 'of the app' },
        alerts: [
          { SystemAlertId: 'a', Revision: 1 },
          { SystemAlertId: 'b', Revision: 1 },
        ],
      },
    ]);
  });

  it('has its settings checked like any other, and only where it is chosen', () => {
    expect(() => read({ OUTRIDER_SINKS: 'pager,stdout' })).toThrow(
      /PAGER_URL is not set: the sink 'pager' needs it[\s\S]*PagerConnection is not set: the sink 'pager' needs it/,
    );
    expect(() => read({ OUTRIDER_SINKS: 'pager', PAGER_URL: 'pager' })).toThrow('PAGER_URL must be a URL');
    expect(() => read({ OUTRIDER_SINKS: 'stdout', OUTRIDER_PAGER_REGIO: 'x' })).toThrow(
      'OUTRIDER_PAGER_REGIO is no setting of Outrider',
    );
    expect(read({ OUTRIDER_SINKS: 'stdout', OUTRIDER_PAGER_REGION: 'x' }).sinks).toHaveLength(1);
    expect(() => read({ OUTRIDER_SINKS: 'mail' })).toThrow(
      'OUTRIDER_SINKS may hold stdout, file, event-hub, logs-ingestion, pager, separated by commas',
    );
  });

  it('has a name that marks of delivery can be kept under, and keeps it', async () => {
    expect(() => defineSink({ ...pager, name: 'a/b' })).toThrow(RangeError);
    const liar = defineSink({
      name: 'liar',
      settings: {},
      open: () => ({ name: 'other', send: async () => ({ failed: [] }) }),
    });
    await expect(openSinks([{ definition: liar, values: {} }], context)).rejects.toThrow('calls itself "other"');
  });
});

describe('the settings of the sinks there are', () => {
  const values = (more: Record<string, string>) => readConfig({ ...env, ...more }, 'plans.json').sinks[0]!.values;

  it('for an Event Hub take the connection of the events where there is no other', () => {
    const hub = { OUTRIDER_SINKS: 'event-hub', ALERTS_EVENT_HUB_NAME: 'alerts' };
    const own = { AlertsEventHubConnection: 'own' };
    const address = { AlertsEventHubConnection__fullyQualifiedNamespace: 'own.example' };
    const connection = (more: Record<string, string>) => values({ ...hub, ...more }).AlertsEventHubConnection;
    expect(connection({})).toEqual({ connectionString: env.EventHubConnection });
    expect(connection(own)).toEqual({ connectionString: 'own' });
    expect(connection(address)).toEqual({ fullyQualifiedNamespace: 'own.example' });
    expect(connection({ ...own, ...address })).toEqual({ fullyQualifiedNamespace: 'own.example' });
    expect(
      connection({ EventHubConnection: '', EventHubConnection__fullyQualifiedNamespace: 'events.example' }),
    ).toEqual({ fullyQualifiedNamespace: 'events.example' });
    expect(() => values({ ...hub, EventHubConnection: '' })).toThrow(
      "AlertsEventHubConnection is not set, nor EventHubConnection: the sink 'event-hub' needs one of them",
    );
  });

  it('are named one by one where they are missing', () => {
    expect(() => values({ OUTRIDER_SINKS: 'file' })).toThrow("ALERTS_FILE is not set: the sink 'file' needs it");
    expect(() => values({ OUTRIDER_SINKS: 'logs-ingestion', LOGS_INGESTION_ENDPOINT: 'x' })).toThrow(
      "settings: 2 problem(s)\n  LOGS_INGESTION_ENDPOINT must be a URL such as https://account.table.core.windows.net\n  LOGS_INGESTION_RULE_ID is not set: the sink 'logs-ingestion' needs it",
    );
  });
});
