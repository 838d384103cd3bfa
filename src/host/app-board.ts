import type { HttpRequest, HttpResponseInit } from '@azure/functions';
import { Board } from '../board/board';
import { BoardFault, type BoardRequest, fault } from '../board/request';
import { SECURITY_HEADERS } from '../board/security';
import type { Config } from '../config';
import { messageOf } from '../state/message';
import { openBoardSource } from './board';
import { logToStderr } from './logging';

/** What the platform puts into the app's environment when App Service authentication is on. */
const AUTHENTICATION = 'WEBSITE_AUTH_ENABLED';
/** Set by App Service authentication for whom it has signed in; it takes away what a client sends under this name. */
const PRINCIPAL = 'x-ms-client-principal-id';

/**
 * The board as the app itself serves it: read-only, and only where App Service authentication stands before it. Without that anybody could
 * set the header that it sets, so nothing is answered then.
 */
export function openAppBoard(
  config: Config,
  folder: string,
  env: Readonly<Record<string, string | undefined>> = process.env,
): (request: HttpRequest) => Promise<HttpResponseInit> {
  const source = openBoardSource(config, {
    session: { host: 'app', name: env.WEBSITE_SITE_NAME ?? 'Outrider', mode: config.mode },
    sinks: config.sinks.map(({ definition }) => definition.name),
  });
  const onError = (error: unknown, path: string): void =>
    logToStderr({ level: 'error', message: 'the board failed', path, reason: messageOf(error) });
  const board = new Board({ source, folder, isLive: false, onError });
  return async (request) => {
    if (env[AUTHENTICATION]?.toLowerCase() !== 'true')
      return refuse(
        403,
        'the board is served only behind App Service authentication, which is not on: see docs/board.md',
      );
    if (!request.headers.get(PRINCIPAL)) return refuse(401, 'sign in first');
    const url = new URL(request.url);
    // Everything on the page is addressed from its folder, whatever becomes of a slash on the way here.
    if (!request.params.path)
      return {
        status: 307,
        headers: { ...SECURITY_HEADERS, Location: `${url.pathname.replace(/\/$/, '')}/index.html` },
      };
    const { status, headers, body } = await board.answer(toRequest(request, url));
    return { status, headers: { ...headers }, body: request.method === 'HEAD' ? undefined : body };
  };
}

function refuse(status: number, error: string): HttpResponseInit {
  const { headers, body } = fault(status, error);
  return { status, headers: { ...headers, ...SECURITY_HEADERS }, body };
}

const toRequest = ({ method, headers, params }: HttpRequest, url: URL): BoardRequest => ({
  method,
  path: params.path ?? '',
  query: url.searchParams,
  header: (name) => headers.get(name) ?? undefined,
  async body() {
    throw new BoardFault(405, 'this board only reads');
  },
});
