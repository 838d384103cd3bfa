import { BoardFault, type BoardRequest, type BoardResponse, json, jsonBody } from './request';
import type { Route, RouteContext } from './route';
import { checkToken } from './security';
import type { Workbench, WorkInput } from './source';

/** Events that are dropped on the page, bytes. */
const MOST_DROPPED = 64 * 1024 * 1024;
/** A JSON object with what is to be done, before the events, bytes. */
const MOST_HEAD = 256 * 1024;
/** The sample reaches back so far. */
const SAMPLE_MINUTES = 30;

/** What needs the compiler, and so is there only on a laptop. */
export const workRoutes: readonly Route[] = [
  { name: 'check', parts: 1, post: check },
  { name: 'complete', parts: 1, post: complete },
  { name: 'run', parts: 1, post: run },
  { name: 'funnel', parts: 2, post: funnel },
  { name: 'save', parts: 1, post: save },
];

function workbench({ source }: RouteContext): Workbench {
  if (!source.workbench) throw new BoardFault(404, 'queries are tried on a laptop: the compiler is never deployed');
  return source.workbench;
}

async function check(board: RouteContext, request: BoardRequest): Promise<BoardResponse> {
  const bench = workbench(board);
  return json(await bench.check(text(await jsonBody(request), 'query')));
}

async function complete(board: RouteContext, request: BoardRequest): Promise<BoardResponse> {
  const bench = workbench(board);
  const body = await jsonBody(request);
  const query = text(body, 'query');
  const { position } = body;
  if (!Number.isInteger(position) || (position as number) < 0 || (position as number) > query.length)
    throw new BoardFault(400, 'position: must lie within the query');
  return json(await bench.complete(query, position as number));
}

async function run(board: RouteContext, request: BoardRequest): Promise<BoardResponse> {
  const bench = workbench(board);
  const { head, input } = await headed(request);
  return json(await bench.run(text(head, 'query'), input));
}

async function funnel(board: RouteContext, request: BoardRequest, [id]: readonly string[]): Promise<BoardResponse> {
  const bench = workbench(board);
  const { input } = await headed(request);
  return json(await bench.funnel(id!, input));
}

async function save(board: RouteContext, request: BoardRequest): Promise<BoardResponse> {
  const bench = workbench(board);
  if (!bench.save || board.token === undefined) throw new BoardFault(403, 'rules cannot be saved from here');
  checkToken(request, board.token);
  const { head, input } = await headed(request);
  const [name, query, severity] = [text(head, 'name'), text(head, 'query'), text(head, 'severity')];
  const [tactic, technique] = [text(head, 'tactic'), text(head, 'technique')];
  return json(await bench.save({ name, query, severity, tactic, technique, input }));
}

/** A line of JSON, then the bytes of the file that its field `file` names; without that the sample of the last `minutes`. */
async function headed(
  request: BoardRequest,
): Promise<{ readonly head: Record<string, unknown>; readonly input: WorkInput }> {
  const bytes = await request.body(MOST_DROPPED + MOST_HEAD);
  const end = bytes.indexOf(10);
  if (end < 0 || end > MOST_HEAD) throw new BoardFault(400, 'the body must be a line of JSON, then the events');
  const line = { ...request, body: async () => bytes.subarray(0, end) };
  const head = await jsonBody(line);
  if (head.file !== undefined) return { head, input: { file: text(head, 'file'), bytes: bytes.subarray(end + 1) } };
  return { head, input: { minutes: minutesOf(head) } };
}

function minutesOf({ minutes = SAMPLE_MINUTES }: Record<string, unknown>): number {
  if (Number.isInteger(minutes) && (minutes as number) >= 1 && (minutes as number) <= SAMPLE_MINUTES)
    return minutes as number;
  throw new BoardFault(400, `minutes: must be a whole number from 1 to ${SAMPLE_MINUTES}`);
}

function text(body: Record<string, unknown>, name: string): string {
  const value = body[name];
  if (typeof value === 'string') return value;
  throw new BoardFault(400, `${name}: must be a text`);
}
