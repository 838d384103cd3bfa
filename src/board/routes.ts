import { decodeTime } from '../state/keys';
import { LIVE_HEADERS, liveEvent } from './live-event';
import { readRevisions } from './read/alerts';
import { letterBytes, readLetter, readLetters } from './read/letters';
import { ruleRows } from './read/rules';
import { newestWindow, nextWindow } from './read/windows';
import { BoardFault, type BoardRequest, type BoardResponse, json, jsonBody, wholeNumber } from './request';
import type { Route, RouteContext } from './route';
import { checkToken } from './security';
import type { AlertView, RuleView, WindowView } from './types';
import { workRoutes } from './work-routes';

/** How soon the browser asks again where nothing is pushed, ms. */
const TURN_MS = 5_000;
const MOST_ALERTS = 2_000;
const MOST_MARKS = 60;
const MOST_RESENT = 200;

const missing = (what: string): never => {
  throw new BoardFault(404, `there is no such ${what} (any more)`);
};

export const routes: readonly Route[] = [
  { name: 'session', parts: 1, get: async (board) => json(board.session) },
  { name: 'now', parts: 1, get: async (board) => json(await board.now()) },
  { name: 'live', parts: 1, get: liveTurn },
  { name: 'rules', parts: 1, get: async (board) => json({ rules: await rows(board) }) },
  { name: 'rules', parts: 2, get: async (board, _, [id]) => json(await rule(board, id!)) },
  { name: 'marks', parts: 1, get: marks },
  { name: 'groups', parts: 3, get: groups },
  { name: 'alerts', parts: 1, get: alerts },
  { name: 'alerts', parts: 4, get: alert },
  { name: 'letters', parts: 1, get: letters },
  { name: 'letter-counts', parts: 1, get: letterCounts },
  { name: 'letters', parts: 2, get: letter },
  { name: 'letter-bodies', parts: 2, get: letterBody },
  { name: 'resend', parts: 1, post: resend },
  ...workRoutes,
];

/**
 * What the stream is doing as one server-sent event, after which the browser is to come again: for hosts that are paid for as long as they
 * answer. Hosts that keep the connection open answer this address themselves.
 */
async function liveTurn(board: RouteContext): Promise<BoardResponse> {
  return { status: 200, headers: LIVE_HEADERS, body: `retry: ${TURN_MS}\n${await liveEvent(() => board.now())}` };
}

async function rows(board: RouteContext) {
  const { reader, source } = board;
  const [plans, cursors, index] = await Promise.all([reader.plans(), reader.cursors(), reader.alertIndex()]);
  return ruleRows(plans, cursors, index, { now: Date.now(), graceMs: (id) => source.graceMs(id, plans) });
}

async function rule(board: RouteContext, id: string): Promise<RuleView> {
  const { reader, source } = board;
  const plan = await reader.plan(id);
  const row = (await rows(board)).find((one) => one.id === id);
  if (!plan || !row) return missing('rule');
  const stored = source.pages().find(({ page }) => page.id === id);
  const cursor = (await reader.cursors()).get(id);
  const { panes } = await reader.marks(plan);
  const window: WindowView | undefined = cursor
    ? nextWindow(plan, cursor, source.graceMs(id, await reader.plans()), Date.now())
    : newestWindow(plan, panes);
  return {
    row,
    query: plan.rule.query,
    description: plan.rule.description,
    ...(stored ? { page: stored.page } : {}),
    isOtherVersion: stored !== undefined && stored.hash !== plan.hash,
    ...(window ? { window } : {}),
  };
}

/** Of the rules that are in sight. */
async function marks({ reader }: RouteContext, { query }: BoardRequest): Promise<BoardResponse> {
  const wanted = new Set((query.get('rules') ?? '').split(',').slice(0, MOST_MARKS));
  const plans = (await reader.plans()).filter((plan) => wanted.has(plan.rule.id));
  return json({ marks: await Promise.all(plans.map((plan) => reader.marks(plan))) });
}

async function groups({ reader }: RouteContext, _: BoardRequest, [id, end]: readonly string[]): Promise<BoardResponse> {
  const plan = (await reader.plan(id!)) ?? missing('rule');
  const time = timeOf(end!);
  // The window begins before it, and must be a time as well.
  checkTime(time - plan.schedule.periodMs);
  return json(await reader.groups(plan, time));
}

async function alerts({ reader }: RouteContext, { query }: BoardRequest): Promise<BoardResponse> {
  const limit = wholeNumber(query, 'limit', { least: 1, most: MOST_ALERTS, otherwise: 500 });
  const ruleId = query.get('rule');
  const index = await reader.alertIndex();
  const entries = ruleId === null ? index.entries : index.entries.filter((entry) => entry.ruleId === ruleId);
  return json(await reader.alertRows({ ...index, entries }, limit));
}

async function alert(
  { reader }: RouteContext,
  _: BoardRequest,
  [ruleId, end, id]: readonly string[],
): Promise<BoardResponse> {
  const key = { ruleId: ruleId!, windowEnd: timeOf(end!) };
  const found = (await readRevisions(await reader.storage(), key, id!)) ?? missing('alert');
  const ruleName = (await reader.plan(key.ruleId))?.rule.name;
  const view: AlertView = { ruleId: key.ruleId, ...(ruleName === undefined ? {} : { ruleName }), ...found };
  return json(view);
}

async function letters({ reader }: RouteContext, { query }: BoardRequest): Promise<BoardResponse> {
  const limit = wholeNumber(query, 'limit', { least: 1, most: 1_000, otherwise: 200 });
  const { letters: store } = await reader.storage();
  try {
    return json(await readLetters(store, query.get('after') ?? undefined, limit));
  } catch (error) {
    if (error instanceof RangeError) throw new BoardFault(400, `after: ${error.message}`);
    throw error;
  }
}

async function letterCounts({ reader }: RouteContext): Promise<BoardResponse> {
  const { counts, more } = await reader.letterCounts();
  return json({ counts, more });
}

async function letter({ reader }: RouteContext, _: BoardRequest, [id]: readonly string[]): Promise<BoardResponse> {
  const { letters: store } = await reader.storage();
  return json((await readLetter(store, id!)) ?? missing('dead letter'));
}

/** To be saved and never shown: whatever it is, no browser takes it for a page. */
async function letterBody({ reader }: RouteContext, _: BoardRequest, [id]: readonly string[]): Promise<BoardResponse> {
  const { letters: store } = await reader.storage();
  const body = (await letterBytes(store, id!)) ?? missing('dead letter');
  return {
    status: 200,
    headers: {
      'Content-Type': 'text/plain; charset=utf-8',
      'Content-Disposition': 'attachment; filename="dead-letter.txt"',
    },
    body,
  };
}

async function resend(board: RouteContext, request: BoardRequest): Promise<BoardResponse> {
  const { source, token, reader } = board;
  if (!source.resend || token === undefined)
    throw new BoardFault(403, 'this board only reads: `outrider board --write` can send letters again');
  checkToken(request, token);
  const { ids, acceptLate, acceptAhead } = await jsonBody(request);
  if (!Array.isArray(ids) || ids.length === 0 || ids.length > MOST_RESENT || ids.some((id) => typeof id !== 'string'))
    throw new BoardFault(400, `ids: must be a list of 1 to ${MOST_RESENT} ids`);
  const results = [];
  for (const id of ids as string[]) {
    const resent = await source.resend(id, { acceptLate: acceptLate === true, acceptAhead: acceptAhead === true });
    results.push({ id, ...(resent ?? { outcome: 'missing', corrects: false }) });
  }
  reader.forgetLetters();
  return json({ results });
}

/** A time of an address, ms. Throws BoardFault. */
function timeOf(text: string): number {
  const ms = Number(text);
  checkTime(ms);
  return ms;
}

/** Throws BoardFault for what a key cannot hold. */
function checkTime(ms: number): void {
  if (!Number.isSafeInteger(ms) || ms < decodeTime('00010101T000000.000') || ms > decodeTime('99991231T235959.999'))
    throw new BoardFault(400, 'the address has no valid time');
}
