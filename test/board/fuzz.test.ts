import { connect } from 'node:net';
import type { Board } from '../../src/board/board';
import type { BoardResponse } from '../../src/board/request';
import { routes } from '../../src/board/routes';
import type { BoardServer } from '../../src/board/server';
import { type Workbench, WorkFault, type WorkInput } from '../../src/board/source';
import { type BoardWorld, boardWorld, eventRow, ruleYaml } from '../support/board';

jest.setTimeout(120_000);

const RULE = '11111111-2222-4333-8444-000000000004';
const TOKEN = 'what-the-terminal-printed';

/** What is put where a part of an address or a parameter stands. */
const VALUES = [
  '',
  ' ',
  '.',
  '..',
  '../../plans.json',
  '..\\..\\plans.json',
  '/etc/passwd',
  '\0',
  'a\0.js',
  '__proto__',
  'constructor',
  'toString',
  'hasOwnProperty',
  '-1',
  '0',
  '1e3',
  '0x10',
  '9007199254740993',
  '-62135596800000',
  '253402300799999',
  '99999999999999999999999',
  'NaN',
  'Infinity',
  'null',
  '[object Object]',
  '<svg/onload=alert(1)>',
  "' or 1 eq 1 or PartitionKey gt '",
  'rule.a!b#c?d/e',
  '%2e%2e%2f',
  '\u202e\ud800',
  'é'.repeat(2_000),
  'x'.repeat(40_000),
  RULE,
  String(Date.UTC(2026, 0, 5, 11)),
];
const PARAMETERS = ['limit', 'after', 'rule', 'rules', '__proto__', 'constructor'];

let world: BoardWorld;
let board: Board;
let server: BoardServer;
const ran: WorkInput[] = [];

/** Takes what the routes let through. */
const workbench: Workbench = {
  hasSample: true,
  check: async () => ({ problems: [], columns: [] }),
  complete: async () => ({ from: 0, items: [] }),
  async run(_, input) {
    ran.push(input);
    throw new WorkFault('<b>not</b> this one');
  },
  async funnel(_, input) {
    ran.push(input);
    return {};
  },
  save: async () => ({ rule: 'a', test: 'b' }),
};

beforeAll(async () => {
  world = await boardWorld({
    'a.yaml': ruleYaml(RULE, 'A', 'Event | where EventID == 1 | summarize count() by Computer'),
  });
  await world.send(eventRow('2026-01-05T10:10:00Z'), { nothing: 'known' });
  await world.engine.flush(Date.now());
  const resend = async () => undefined;
  const failed: unknown[] = [];
  board = world.board({
    source: { ...world.source, workbench, resend },
    token: TOKEN,
    onError: (error) => void failed.push(error),
  });
  server = await world.serve();
});
afterAll(() => server?.stop());

function ask(path: string, query = '', method = 'GET', body = ''): Promise<BoardResponse> {
  const headers: Record<string, string> = { 'x-outrider-board': '1', 'x-outrider-token': TOKEN };
  return board.answer({
    method,
    path,
    query: new URLSearchParams(query),
    header: (name) => headers[name],
    body: async () => Buffer.from(body),
  });
}

function expectSafe(what: unknown, { status, headers, body }: BoardResponse): void {
  expect([what, [200, 400, 404, 405, 422].includes(status), status]).toEqual([what, true, status]);
  expect([what, headers['X-Content-Type-Options']]).toEqual([what, 'nosniff']);
  expect(headers['Content-Security-Policy']).toContain("default-src 'none'");
  // Only the page itself is a page.
  expect([what, /text\/html/.test(headers['Content-Type'] ?? '')]).toEqual([what, false]);
  if (status >= 400) expect(Object.keys(JSON.parse(String(body)))).toEqual(['error']);
}

describe('the API under what nobody would send', () => {
  it('answers every part of every address with a result or what is wrong with it', async () => {
    for (const { name, parts, get } of routes)
      for (const value of VALUES)
        for (let at = 1; get && at < Math.max(2, parts); at++) {
          const others = Array.from({ length: parts - 1 }, (_, i) => (i + 1 === at ? value : RULE));
          const path = ['api', name, ...others]
            .map((part) => encodeURIComponent(Buffer.from(part).toString()))
            .join('/');
          expectSafe([name, at, value.slice(0, 40)], await ask(path));
        }
  });

  it('does so for every parameter', async () => {
    for (const { name, get } of routes)
      for (const parameter of PARAMETERS)
        for (const value of VALUES) {
          if (!get) continue;
          const query = `${parameter}=${encodeURIComponent(Buffer.from(value).toString())}&${parameter}=2`;
          expectSafe([name, parameter, value.slice(0, 40)], await ask(`api/${name}`, query));
        }
    for (const limit of ['0', '-1', '2001', '1e9', '1.5', ' ', '', '0x7d0x'])
      expect([limit, (await ask('api/alerts', `limit=${limit}`)).status]).toEqual([limit, 400]);
  });

  it('does so for every body of every action', async () => {
    const heads = VALUES.flatMap((value) => [
      value,
      JSON.stringify(value),
      JSON.stringify({ query: value, position: value, file: value, name: value, ids: [value], minutes: value }),
      `{"__proto__":{"query":${JSON.stringify(value)}},"constructor":{"prototype":{"query":"x"}}}`,
      `{"query":"x","file":${JSON.stringify(value)},"minutes":-1,"position":1e300}`,
    ]);
    const deep = `${'['.repeat(100_000)}${']'.repeat(100_000)}`;
    for (const { name, parts, post } of routes) {
      if (!post) continue;
      for (const head of [...heads, deep, `{"query":${deep}}`, '{"ids":[{"toString":1}]}', '\u0000', '{}'])
        for (const rest of ['', '\n', '\n\u0000\u00ff'])
          expectSafe(
            [name, head.slice(0, 60)],
            await ask(`api/${name}${parts > 1 ? `/${RULE}` : ''}`, '', 'POST', head + rest),
          );
    }
    expect(({} as { query?: unknown }).query).toBeUndefined();
    // What got through to the workbench is a file with its bytes, or minutes within their bounds.
    expect(ran.length).toBeGreaterThan(0);
    for (const input of ran)
      if ('file' in input) expect(typeof input.file).toBe('string');
      else expect(input.minutes).toBe(30);
  });

  it('knows no other method, and asks for its header before it does more than read', async () => {
    for (const method of ['PUT', 'DELETE', 'PATCH', 'OPTIONS', 'TRACE', 'PROPFIND', 'get'])
      for (const { name } of routes)
        expect([method, name, (await ask(`api/${name}`, '', method)).status >= 400]).toEqual([method, name, true]);
  });
});

/** The first line of the answer to bytes that no client would send; '' where the connection is closed. */
function raw(bytes: string): Promise<string> {
  return new Promise((resolve) => {
    const { port } = new URL(server.address);
    const socket = connect(Number(port), '127.0.0.1', () => socket.end(bytes));
    let text = '';
    socket.setEncoding('utf8').on('data', (part: string) => (text += part));
    socket.on('close', () => resolve(text.split('\r\n')[0]!));
    socket.on('error', () => resolve(''));
  });
}

describe('the server under what no browser would send', () => {
  it('gives no file but those of the page, whatever the address', async () => {
    const { port } = new URL(server.address);
    const targets = [
      '/../package.json',
      '/..%2f..%2fpackage.json',
      '/%2e%2e/%2e%2e/package.json',
      '/....//....//package.json',
      '/..\\..\\package.json',
      '/%00',
      '/main.js%00.html',
      '/.git/config',
      '/index.html.gz',
      '//evil.example/x',
      'http://evil.example/package.json',
      '/__proto__',
      '/constructor',
      `/${'a/'.repeat(4_000)}`,
    ];
    for (const target of targets) {
      const line = await raw(`GET ${target} HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nConnection: close\r\n\r\n`);
      expect([target.slice(0, 40), line]).toEqual([
        target.slice(0, 40),
        expect.stringMatching(/^(?:HTTP\/1\.1 4\d\d .*)?$/),
      ]);
    }
    for (const line of [
      'GARBAGE\r\n\r\n',
      'GET / HTTP/1.1\r\n\r\n',
      `GET / HTTP/1.1\r\nHost: a\r\nHost: 127.0.0.1:${port}\r\n\r\n`,
    ])
      expect([line, await raw(line)]).toEqual([line, expect.stringMatching(/^(?:HTTP\/1\.1 4\d\d .*)?$/)]);
    // It still answers.
    expect((await fetch(`${server.address}api/session`)).status).toBe(200);
  });
});
