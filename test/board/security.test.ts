import { request } from 'node:http';
import type { BoardServer } from '../../src/board/server';
import { type BoardWorld, boardWorld, ruleYaml } from '../support/board';

const RULE = '11111111-2222-4333-8444-000000000001';
jest.setTimeout(60_000);

const TOKEN = 'what-the-terminal-printed';

let world: BoardWorld;
let server: BoardServer;
let port: number;
const resent: string[] = [];

beforeAll(async () => {
  world = await boardWorld(
    { 'a.yaml': ruleYaml(RULE, 'A', 'Event | where EventID == 1') },
    {
      async resend(id) {
        resent.push(id);
        return { outcome: 'counted', corrects: false };
      },
    },
  );
  server = await world.serve({ token: TOKEN });
  port = Number(new URL(server.address).port);
});
afterAll(() => server.stop());
beforeEach(() => resent.splice(0));

interface Answer {
  readonly status: number;
  readonly headers: Record<string, string | string[] | undefined>;
  readonly text: string;
}

/** A request with exactly these headers: fetch would set Host and Origin itself. */
function ask(path: string, headers: Record<string, string> = {}, method = 'GET', body?: string): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const sent = request({ host: '127.0.0.1', port, path, method, headers, agent: false }, (response) => {
      let text = '';
      response.setEncoding('utf8').on('data', (part) => (text += part));
      response.on('end', () => resolve({ status: response.statusCode ?? 0, headers: response.headers, text }));
    });
    sent.on('error', reject);
    sent.end(body);
  });
}

const own = (): Record<string, string> => ({ host: `127.0.0.1:${port}`, origin: `http://127.0.0.1:${port}` });
const resend = (headers: Record<string, string>, body = '{"ids":["a"]}'): Promise<Answer> =>
  ask('/api/resend', headers, 'POST', body);

describe('the server of the board', () => {
  it('listens on the loopback address alone', () => {
    expect(server.address).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/$/);
  });

  it('answers its own names, and no name that somebody points at it', async () => {
    for (const host of [`127.0.0.1:${port}`, `localhost:${port}`, `LOCALHOST:${port}`, `[::1]:${port}`])
      expect([host, (await ask('/api/session', { host })).status]).toEqual([host, 200]);
    const foreign = [
      'evil.example',
      `evil.example:${port}`,
      `127.0.0.1.evil.example:${port}`,
      'localhost',
      '127.0.0.1:1',
    ];
    foreign.push(`localhost:${port}.evil.example`, `evil@localhost:${port}`);
    for (const host of foreign)
      for (const path of ['/', '/api/session', '/api/live'])
        expect([host, path, (await ask(path, { host })).status]).toEqual([host, path, 421]);
  });

  it("refuses what another site's page sends, read or written", async () => {
    const { host } = own();
    for (const origin of ['https://evil.example', 'null', `http://localhost:${port}`, `https://127.0.0.1:${port}`])
      expect([origin, (await ask('/api/now', { host: host!, origin })).status]).toEqual([origin, 403]);
    for (const site of ['cross-site', 'same-site'])
      expect((await ask('/api/now', { host: host!, 'sec-fetch-site': site })).status).toBe(403);
    // A link from elsewhere may open the page itself.
    const navigation = { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'navigate', 'sec-fetch-dest': 'document' };
    expect((await ask('/', { host: host!, ...navigation })).status).toBe(200);
    expect((await ask('/', { host: host!, ...navigation, 'sec-fetch-dest': 'iframe' })).status).toBe(403);
    expect((await ask('/api/now', own())).status).toBe(200);
  });

  it('writes only for whom brings the token, and never for a plain form', async () => {
    expect((await resend({ ...own(), 'x-outrider-token': TOKEN })).status).toBe(403);
    expect((await resend({ ...own(), 'x-outrider-board': '1' })).status).toBe(401);
    for (const wrong of ['', 'x', `${TOKEN}x`, TOKEN.slice(1), TOKEN.toUpperCase()])
      expect((await resend({ ...own(), 'x-outrider-board': '1', 'x-outrider-token': wrong })).status).toBe(401);
    expect(
      (await resend({ ...own(), origin: 'https://evil.example', 'x-outrider-board': '1', 'x-outrider-token': TOKEN }))
        .status,
    ).toBe(403);
    expect((await ask('/api/resend', own())).status).toBe(405);
    expect(resent).toEqual([]);
    const right = { ...own(), 'x-outrider-board': '1', 'x-outrider-token': TOKEN };
    expect(JSON.parse((await resend(right)).text)).toEqual({
      results: [{ id: 'a', outcome: 'counted', corrects: false }],
    });
    expect(resent).toEqual(['a']);
    for (const body of ['{"ids":[]}', '{"ids":"a"}', '{"ids":[1]}', '[]', 'no JSON', ''])
      expect([body, (await resend(right, body)).status]).toEqual([body, 400]);
    expect((await resend(right, 'x'.repeat(2_000_000))).status).toBe(413);
  });

  it('only reads where no token was given out', async () => {
    const quiet = await world.serve();
    try {
      const { port: other } = new URL(quiet.address);
      const response = await fetch(`${quiet.address}api/resend`, {
        method: 'POST',
        headers: { 'X-Outrider-Board': '1', 'X-Outrider-Token': '', Origin: `http://127.0.0.1:${other}` },
        body: '{"ids":["a"]}',
      });
      expect(response.status).toBe(403);
      expect(await (await fetch(`${quiet.address}api/session`)).json()).toMatchObject({ canWrite: false });
    } finally {
      await quiet.stop();
    }
    expect(resent).toEqual([]);
  });

  it('lets a page run, load and send nothing but its own, on every answer', async () => {
    for (const path of ['/', '/main.js', '/api/now', '/api/nothing', '/nothing']) {
      const { headers } = await ask(path, own());
      const policy = String(headers['content-security-policy']);
      expect([path, policy]).toEqual([path, expect.stringContaining("default-src 'none'")]);
      expect(policy).toContain("script-src 'self'");
      expect(policy).toContain("require-trusted-types-for 'script'");
      expect(policy).toContain("frame-ancestors 'none'");
      expect(policy).not.toMatch(/unsafe|nonce|data:|\*/);
      expect(headers['x-content-type-options']).toBe('nosniff');
      expect(headers['access-control-allow-origin']).toBeUndefined();
    }
    const refused = await ask('/', { host: 'evil.example' });
    expect(refused.headers['content-security-policy']).toBeDefined();
    expect(refused.text).not.toContain('<');
  });

  it('has no script or style within the page', async () => {
    const { text } = await ask('/', own());
    expect(text).not.toMatch(/<script(?![^>]*\bsrc=)|<style|\bstyle=|\bon\w+=/i);
    expect(text).not.toMatch(/https?:/);
  });

  it('pushes what changes, and reads nothing when nobody listens', async () => {
    let readings = 0;
    const counting = await world.serve({
      source: {
        ...world.source,
        health: async (now) => {
          readings++;
          return world.source.health(now);
        },
      },
    });
    const aborter = new AbortController();
    const response = await fetch(`${counting.address}api/live`, { signal: aborter.signal });
    expect(response.headers.get('content-type')).toBe('text/event-stream');
    const reader = response.body!.getReader();
    const { value } = await reader.read();
    expect(Buffer.from(value!).toString()).toMatch(/^event: now\ndata: \{"at":\d+/);
    aborter.abort();
    await new Promise((resolve) => setTimeout(resolve, 2_000));
    const after = readings;
    await new Promise((resolve) => setTimeout(resolve, 2_000));
    expect(readings).toBe(after);
    await counting.stop();
  });
});
