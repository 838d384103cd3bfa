import { HttpRequest } from '@azure/functions';
import { readConfig } from '../../src/config';
import { openAppBoard } from '../../src/host/app-board';
import { BOARD_FOLDER } from '../support/board';

const config = readConfig(
  {
    AzureWebJobsStorage: 'UseDevelopmentStorage=true',
    OUTRIDER_STORAGE: 'UseDevelopmentStorage=true',
    EventHubConnection: 'Endpoint=sb://localhost;UseDevelopmentEmulator=true',
    EVENT_HUB_NAME: 'events',
    EVENT_HUB_CONSUMER_GROUP: 'outrider',
    FLUSH_SCHEDULE: '0 * * * * *',
    OUTRIDER_SINKS: 'stdout',
    OUTRIDER_BOARD: 'entra',
  },
  'dist/plans.json',
);
const BASE = 'https://app.example/api/board';
const SIGNED_IN = { 'x-ms-client-principal-id': 'somebody' };

const ask = (env: Record<string, string>, path: string, headers: Record<string, string> = SIGNED_IN) =>
  openAppBoard(
    config,
    BOARD_FOLDER,
    env,
  )(
    new HttpRequest({
      method: 'GET',
      url: `${BASE}${path}`,
      headers,
      params: path.length > 1 ? { path: path.slice(1) } : {},
    }),
  );
const ON = { WEBSITE_AUTH_ENABLED: 'True', WEBSITE_SITE_NAME: 'outrider-app' };

describe('the board that the app serves', () => {
  it('answers nobody while App Service authentication is off, whatever headers come', async () => {
    for (const env of [{}, { WEBSITE_AUTH_ENABLED: 'False' }, { WEBSITE_AUTH_ENABLED: '' }])
      for (const path of ['', '/', '/api/session', '/main.js'])
        expect([env, path, (await ask(env as Record<string, string>, path)).status]).toEqual([env, path, 403]);
  });

  it('answers whom it has signed in, and is read-only for them', async () => {
    expect((await ask(ON, '/', {})).status).toBe(401);
    for (const path of ['', '/']) {
      const moved = await ask(ON, path);
      expect([moved.status, (moved.headers as Record<string, string>).Location]).toEqual([
        307,
        '/api/board/index.html',
      ]);
    }
    const page = await ask(ON, '/index.html');
    expect(page.status).toBe(200);
    expect((page.headers as Record<string, string>)['Content-Security-Policy']).toContain("default-src 'none'");
    const session = await ask(ON, '/api/session');
    expect(JSON.parse(String(session.body))).toEqual({
      host: 'app',
      name: 'outrider-app',
      mode: 'live',
      canWrite: false,
      hasWorkbench: false,
      canSave: false,
      hasSample: false,
      readings: [],
      isLive: false,
    });
    expect((await ask(ON, '/api/check')).status).toBe(405);
  });

  it('answers what is live as one server-sent event and when to come again, so that nobody pays for an open connection', async () => {
    const { status, headers, body } = await ask(ON, '/api/live');
    expect(status).toBe(200);
    expect(headers).toMatchObject({
      'Content-Type': 'text/event-stream',
      'Cache-Control': 'no-store',
      'Content-Security-Policy': expect.stringContaining("default-src 'none'"),
    });
    // Nothing answers as storage here, and the page is told so by the same event as elsewhere.
    expect(String(body)).toMatch(/^retry: 5000\nevent: (?:now\ndata: \{.+\}|trouble\ndata: \{\})\n\n$/);
  });
});
