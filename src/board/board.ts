import { StoreError } from '../state/errors';
import { PageFiles } from './files';
import { readNow } from './now';
import { BoardReader } from './reader';
import { BoardFault, type BoardRequest, type BoardResponse, fault } from './request';
import type { RouteContext } from './route';
import { routes } from './routes';
import { OWN_HEADER, SECURITY_HEADERS } from './security';
import { type BoardSource, WorkFault } from './source';
import type { NowView, SessionView } from './types';

export interface BoardOptions {
  readonly source: BoardSource;
  /** dist/board. */
  readonly folder: string;
  /** Whoever writes must bring it; absent: nobody can. */
  readonly token?: string;
  /** Whether the host keeps `live` open and pushes what changes; else each answer of it is one event, and the page asks again. */
  readonly isLive: boolean;
  /** Told of what failed on the board's side, which the answer does not tell. */
  readonly onError?: (error: unknown, path: string) => void;
}

/** The page and its API: the same for every host. It only reads, but for what `routes` asks the token for. */
export class Board implements RouteContext {
  readonly reader: BoardReader;
  readonly source: BoardSource;
  readonly token: string | undefined;
  private readonly files: PageFiles;

  /** Throws Error where the page is not built. */
  constructor(private readonly options: BoardOptions) {
    this.source = options.source;
    this.token = options.token;
    this.reader = new BoardReader(options.source);
    this.files = new PageFiles(options.folder);
  }

  get session(): SessionView {
    const { source, token, options } = this;
    return {
      ...source.session,
      canWrite: token !== undefined && source.resend !== undefined,
      hasWorkbench: source.workbench !== undefined,
      canSave: token !== undefined && source.workbench?.save !== undefined,
      hasSample: source.workbench?.hasSample === true,
      readings: source.readings?.() ?? [],
      isLive: options.isLive,
    };
  }

  now(): Promise<NowView> {
    return readNow(this.source, this.reader, Date.now());
  }

  /** Answers a request whose origin its host has checked. Does not reject. */
  async answer(request: BoardRequest): Promise<BoardResponse> {
    const response = await this.route(request).catch((error: unknown) => {
      if (!isExpected(error)) this.options.onError?.(error, request.path);
      return explain(error);
    });
    return { ...response, headers: { 'Cache-Control': 'no-store', ...response.headers, ...SECURITY_HEADERS } };
  }

  private async route(request: BoardRequest): Promise<BoardResponse> {
    const { method, path } = request;
    if (!path.startsWith('api/')) {
      if (method !== 'GET' && method !== 'HEAD') return fault(405, 'only read');
      return this.files.get(request) ?? fault(404, 'there is no such page');
    }
    // A link or a form of another site cannot send it.
    if (method !== 'GET' && request.header(OWN_HEADER) === undefined)
      return fault(403, `requests that are more than reading need the header ${OWN_HEADER}`);
    const [, ...parts] = path.split('/').map(decoded);
    const route = routes.find((one) => one.name === parts[0] && one.parts === parts.length);
    if (!route) return fault(404, 'the API has no such address');
    const action = method === 'GET' || method === 'HEAD' ? route.get : method === 'POST' ? route.post : undefined;
    if (!action) return fault(405, 'not with this method');
    return action(this, request, parts.slice(1));
  }
}

function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    throw new BoardFault(400, 'the address is no valid one');
  }
}

const isExpected = (error: unknown): boolean =>
  error instanceof BoardFault || error instanceof WorkFault || error instanceof StoreError;

/** What may be told: never an inner message of a library, which may hold an address or a key. */
function explain(error: unknown): BoardResponse {
  if (error instanceof BoardFault) return fault(error.status, error.message);
  if (error instanceof WorkFault) return fault(422, error.message);
  if (error instanceof StoreError)
    return fault(503, 'the storage account does not answer, or refuses access: see `outrider status`');
  return fault(500, 'the board failed on this: its terminal, or the log of the app, says more');
}
