import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import type { Board } from '../../src/board/board';
import type { BoardResponse } from '../../src/board/request';
import type {
  AlertsView,
  AlertView,
  GroupsView,
  LetterCounts,
  LettersView,
  LetterView,
  MarksView,
  NowView,
  RuleRow,
  RuleView,
} from '../../src/board/types';
import { NotFound } from '../../src/state/errors';
import { BOARD_FOLDER, type BoardWorld, boardWorld, eventRow, ruleYaml } from '../support/board';

jest.setTimeout(60_000);

const RULE = '11111111-2222-4333-8444-000000000001';
const QUERY = 'Event\n| where EventID == 1\n| summarize Count = count() by Computer';
const HOUR = 3_600_000;
const END = Date.UTC(2026, 0, 5, 11);

let world: BoardWorld;
let board: Board;

beforeEach(async () => {
  world = await boardWorld({ 'count.yaml': ruleYaml(RULE, 'Starts by computer', QUERY) });
  board = world.board();
});

const ask = (path: string, method = 'GET', headers: Record<string, string> = {}, body = ''): Promise<BoardResponse> => {
  const url = new URL(path, 'http://x/');
  return board.answer({
    method,
    path: url.pathname.slice(1),
    query: url.searchParams,
    header: (name) => headers[name],
    body: async () => Buffer.from(body),
  });
};
const read = async <T>(path: string): Promise<T> => {
  const { status, body } = await ask(path);
  if (status !== 200) throw new Error(`${status} ${String(body)}`);
  return JSON.parse(String(body)) as T;
};

describe('the API of the board', () => {
  it('shows groups of an open window as they grow, merged over partitions and panes, without running it', async () => {
    await world.send(eventRow('2026-01-05T10:10:00Z'), eventRow('2026-01-05T10:20:00Z', { Computer: 'ws2' }));
    await world.send(eventRow('2026-01-05T10:30:00Z', { EventID: 3 }), eventRow('2026-01-05T10:40:00Z'));
    const groups = await read<GroupsView>(`api/groups/${RULE}/${END}`);
    expect(groups).toMatchObject({ start: END - HOUR, end: END, more: false });
    const [leg] = groups.legs;
    expect(leg!.columns).toEqual([
      { name: 'Computer', type: 'string', isKey: true },
      { name: 'Count', type: 'long', isKey: false },
    ]);
    expect(leg!.rows).toEqual([
      ['ws1.corp.example', 2],
      ['ws2', 1],
    ]);
    const now = await read<NowView>('api/now');
    expect(now.windows).toEqual([
      {
        ruleId: RULE,
        ruleName: 'Starts by computer',
        start: END - HOUR,
        end: END,
        state: 'due',
        held: { groups: 2, rows: 0, matches: 3 },
      },
    ]);
    expect(now).toMatchObject({
      rules: 1,
      held: { groups: 2, rows: 0, matches: 3, more: false },
      alerts: { count: 0 },
      latest: [],
    });
    const { marks } = await read<{ marks: MarksView[] }>(`api/marks?rules=${RULE},nobody`);
    expect(marks).toEqual([
      { ruleId: RULE, paneMs: HOUR, panes: [{ start: END - HOUR, groups: 2, rows: 0, matches: 3 }], more: false },
    ]);
  });

  it('lists alerts in the revision that counts, and shows every revision of one', async () => {
    await world.send(eventRow('2026-01-05T10:10:00Z'));
    await world.engine.flush(Date.now());
    await world.send(eventRow('2026-01-05T10:50:00Z', { Computer: 'late' }));
    await world.engine.flush(Date.now());
    const { alerts, count, more } = await read<AlertsView>('api/alerts');
    expect({ count, more }).toEqual({ count: 1, more: false });
    expect(alerts[0]).toMatchObject({
      ruleId: RULE,
      windowEnd: END,
      revision: 2,
      name: 'Starts by computer',
      severity: 'High',
      tactics: ['LateralMovement'],
      techniques: ['T1021.003'],
      results: 2,
      isWithdrawn: false,
    });
    const one = await read<AlertView>(`api/alerts/${RULE}/${END}/${alerts[0]!.id}`);
    expect(one.revisions.map(({ Revision, Results }) => [Revision, (Results as unknown[]).length])).toEqual([
      [1, 1],
      [2, 2],
    ]);
    expect(one).toMatchObject({ ruleId: RULE, ruleName: 'Starts by computer' });
    // What is shown is what was delivered.
    expect(one.revisions).toEqual(world.sent);
    expect((await read<NowView>('api/now')).latest).toEqual(alerts);
    expect((await ask(`api/alerts/${RULE}/${END}/nobody`)).status).toBe(404);
    expect((await ask(`api/alerts/${RULE}/x/${alerts[0]!.id}`)).status).toBe(400);
    expect((await read<AlertsView>('api/alerts?rule=other')).alerts).toEqual([]);
  });

  it('shows rules with what they hold and found, and the page that the build left', async () => {
    await world.send(eventRow('2026-01-05T10:10:00Z'));
    await world.engine.flush(Date.now());
    const { rules } = await read<{ rules: RuleRow[] }>('api/rules');
    expect(rules).toEqual([
      expect.objectContaining({
        id: RULE,
        name: 'Starts by computer',
        severity: 'High',
        frequencyMs: HOUR,
        sources: ['Event'],
        alerts: 1,
        lastAlert: END,
        lastWindow: END,
        isEnabled: true,
      }),
    ]);
    const rule = await read<RuleView>(`api/rules/${RULE}`);
    expect(rule).toMatchObject({ isOtherVersion: false, query: `${QUERY}\n`, window: { end: END } });
    expect(rule.page).toMatchObject({ id: RULE, groupBy: ['Computer'] });
    expect((await ask('api/rules/nobody')).status).toBe(404);
  });

  it('says that a page is of another version than the rule that runs', async () => {
    const pages = world.source.pages().map(({ page }) => ({ hash: 'another', page }));
    board = world.board({ source: { ...world.source, pages: () => pages } });
    expect(await read<RuleView>(`api/rules/${RULE}`)).toMatchObject({ isOtherVersion: true });
    board = world.board({ source: { ...world.source, pages: () => [] } });
    expect(await read<RuleView>(`api/rules/${RULE}`)).not.toHaveProperty('page');
  });

  it('lists dead letters, counts them, shows their bodies, and hands them out as text to be saved', async () => {
    await world.send({ nothing: 'known' });
    await world.engine.evaluate({
      source: { namespace: 'n', hub: 'h', partition: '1' },
      messages: [{ body: Buffer.from([0xff, 0x00, 0x41]), sequenceNumber: 7, enqueuedTime: Date.UTC(2026, 0, 5) }],
    });
    const { letters } = await read<LettersView>('api/letters');
    expect(letters).toHaveLength(2);
    const { counts } = await read<LetterCounts>('api/letter-counts');
    expect(counts.reduce((sum, { count }) => sum + count, 0)).toBe(2);
    const page = await read<LettersView>('api/letters?limit=1');
    expect(page.letters).toEqual([letters[0]]);
    expect((await read<LettersView>(`api/letters?limit=1&after=${page.next}`)).letters).toEqual([letters[1]]);
    const binary = await read<LetterView>(`api/letters/${letters.find(({ partition }) => partition === '1')!.id}`);
    expect(binary).toMatchObject({ body: 'ff0041', isBinary: true, isCut: false });
    const saved = await ask(`api/letter-bodies/${binary.id}`);
    expect(saved.headers).toMatchObject({
      'Content-Type': 'text/plain; charset=utf-8',
      'Content-Disposition': 'attachment; filename="dead-letter.txt"',
      'X-Content-Type-Options': 'nosniff',
    });
    expect([...(saved.body as Uint8Array)]).toEqual([0xff, 0x00, 0x41]);
    expect((await ask('api/letters/none')).status).toBe(404);
    expect((await ask('api/letters?after=none')).status).toBe(400);
  });

  it('answers its own files alone', async () => {
    const page = await ask('');
    expect([page.status, page.headers['Content-Type']]).toEqual([200, 'text/html; charset=utf-8']);
    expect(String(page.body)).toContain('<script type="module" src="main.js">');
    expect((await ask('', 'GET', { 'accept-encoding': 'gzip' })).headers['Content-Encoding']).toBe('gzip');
    for (const path of ['package.json', '..%2fplans.json', 'index.html.gz', 'main.js/', 'api', 'api/nothing'])
      expect([path, (await ask(path)).status]).toEqual([path, 404]);
    expect((await ask('api/%E0%A4%A')).status).toBe(400);
  });

  it('is a page that comes at once: far below 600 KB without the editor', () => {
    const files = readdirSync(BOARD_FOLDER).filter((name) => !name.startsWith('editor-'));
    const bytes = files.reduce((sum, name) => sum + gunzipSync(readFileSync(join(BOARD_FOLDER, name))).length, 0);
    expect(bytes).toBeGreaterThan(50_000);
    expect(bytes).toBeLessThan(600_000);
  });

  it('takes methods for what they are', async () => {
    expect((await ask('', 'POST')).status).toBe(405);
    expect((await ask('api/now', 'DELETE', { 'x-outrider-board': '1' })).status).toBe(405);
  });

  it('tells nothing of what is inside it when it fails', async () => {
    const secret = 'AccountKey=secret';
    const broken = async (): Promise<never> => {
      throw new Error(secret);
    };
    board = world.board({ source: { ...world.source, plans: broken } });
    const response = await ask('api/now');
    expect(response.status).toBe(500);
    expect(String(response.body)).not.toContain(secret);
    const gone = async (): Promise<never> => {
      throw new NotFound(secret);
    };
    board = world.board({ source: { ...world.source, storage: gone } });
    expect((await ask('api/alerts')).status).toBe(503);
  });

  it('reads what many look at once', async () => {
    await world.send(eventRow('2026-01-05T10:10:00Z'));
    let steps = 0;
    world.store.hooks = { before: () => void steps++ };
    await read<NowView>('api/now');
    const alone = steps;
    steps = 0;
    board = world.board();
    await Promise.all(Array.from({ length: 20 }, () => read<NowView>('api/now')));
    // The state of a replay is looked at for each; all else is read once.
    expect(steps).toBeLessThan(alone * 20 * 0.7);
    expect(world.store.dump('control').filter(({ partitionKey }) => partitionKey.startsWith('late.'))).toHaveLength(1);
  });

  it('writes nothing to the store, whatever is asked of it', async () => {
    await world.send(eventRow('2026-01-05T10:10:00Z'), { no: 'table' });
    await world.engine.flush(Date.now());
    const [letter] = (await read<LettersView>('api/letters')).letters;
    const [alert] = (await read<AlertsView>('api/alerts')).alerts;
    world.store.hooks = {
      before: ({ kind }) => {
        if (kind === 'transact') throw new Error('a write');
      },
    };
    board = world.board();
    const paths = [
      'session',
      'now',
      'rules',
      `rules/${RULE}`,
      `marks?rules=${RULE}`,
      `groups/${RULE}/${END}`,
      'alerts',
    ];
    paths.push(`alerts/${RULE}/${END}/${alert!.id}`, 'letters', 'letter-counts', `letters/${letter!.id}`);
    paths.push(`letter-bodies/${letter!.id}`);
    for (const path of paths) expect([path, (await ask(`api/${path}`)).status]).toEqual([path, 200]);
  });
});
