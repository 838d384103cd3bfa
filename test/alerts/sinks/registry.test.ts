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
  FLUSH_SCHEDULE: '0 * * * * *',
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
  const madeUp = defineSink({
    name: 'made-up',
    settings: {
      MADE_UP_URL: { kind: 'url', description: 'where it is.' },
      OUTRIDER_MADE_UP_REGION: { kind: 'text', description: 'its region.', default: 'north' },
      MadeUpConnection: { kind: 'connection', description: 'a namespace.' },
    },
    open: async ({ MADE_UP_URL: url, OUTRIDER_MADE_UP_REGION: region, MadeUpConnection }, { name, credential }) => ({
      name,
      async send(alerts) {
        const { token } = (await (await credential()).getToken('scope'))!;
        received.push({ url, region: `${region} ${MadeUpConnection.connectionString}`, token, alerts: [...alerts] });
        return { failed: [] };
      },
    }),
  });
  const sinks = [...SINKS, madeUp];
  const read = (more: Record<string, string>) => readConfig({ ...env, ...more }, 'plans.json', sinks);

  it('is read from settings, opened and delivered to', async () => {
    const { sinks: chosen } = read({
      OUTRIDER_SINKS: 'made-up',
      MADE_UP_URL: 'https://made-up.example/',
      MadeUpConnection: 'secret',
    });
    const opened = await openSinks(chosen, context);
    const outbox = { store: new MemoryStore(), table: 'alerts' };
    await publish(outbox, [alertWith('a'), alertWith('b')], { sinks: ['made-up'] });
    await deliver(outbox, opened, { now: T });
    expect(received).toMatchObject([
      {
        ...{ url: 'https://made-up.example/', region: 'north secret', token: 'of the app' },
        alerts: [
          { SystemAlertId: 'a', Revision: 1 },
          { SystemAlertId: 'b', Revision: 1 },
        ],
      },
    ]);
  });

  it('has its settings checked like any other, and only where it is chosen', () => {
    expect(() => read({ OUTRIDER_SINKS: 'made-up,stdout' })).toThrow(
      /MADE_UP_URL is not set: the sink 'made-up' needs it[\s\S]*MadeUpConnection is not set: the sink 'made-up' needs it/,
    );
    expect(() => read({ OUTRIDER_SINKS: 'made-up', MADE_UP_URL: 'made-up' })).toThrow('MADE_UP_URL must be a URL');
    expect(() => read({ OUTRIDER_SINKS: 'stdout', OUTRIDER_MADE_UP_REGIO: 'x' })).toThrow(
      'OUTRIDER_MADE_UP_REGIO is no setting of Outrider',
    );
    expect(read({ OUTRIDER_SINKS: 'stdout', OUTRIDER_MADE_UP_REGION: 'x' }).sinks).toHaveLength(1);
    expect(() => read({ OUTRIDER_SINKS: 'mail' })).toThrow(
      `OUTRIDER_SINKS may hold ${sinks.map(({ name }) => name).join(', ')}, separated by commas`,
    );
  });

  it('has a name that marks of delivery can be kept under, and keeps it', async () => {
    expect(() => defineSink({ ...madeUp, name: 'a/b' })).toThrow(RangeError);
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
