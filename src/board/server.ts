import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Board } from './board';
import { LiveFeed } from './live';
import { LIVE_HEADERS } from './live-event';
import { BoardFault, type BoardRequest, type BoardResponse, fault } from './request';
import { checkLoopback, SECURITY_HEADERS } from './security';

export interface BoardServer {
  /** As it is opened: `http://127.0.0.1:PORT/`. */
  readonly address: string;
  stop(): Promise<void>;
}

/** Serves the board on this machine's loopback address alone. `port` 0: any free one. Rejects where the port is taken. */
export async function serveBoard(board: Board, port: number): Promise<BoardServer> {
  const live = new LiveFeed(() => board.now());
  const server = createServer((request, response) => {
    void handle(board, live, request, response, (server.address() as AddressInfo).port);
  });
  // A slow or endless request holds nothing up.
  server.requestTimeout = 60_000;
  server.headersTimeout = 10_000;
  await listen(server, port);
  return {
    address: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    async stop() {
      live.stop();
      const closed = new Promise((resolve) => server.close(resolve));
      server.closeAllConnections();
      await closed;
    },
  };
}

function listen(server: Server, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) =>
      reject(error.code === 'EADDRINUSE' ? new Error(`port ${port} for the board is taken by another program`) : error),
    );
    server.listen({ port, host: '127.0.0.1' }, () => resolve());
  });
}

async function handle(
  board: Board,
  live: LiveFeed,
  incoming: IncomingMessage,
  outgoing: ServerResponse,
  port: number,
): Promise<void> {
  try {
    const request = toRequest(incoming);
    checkLoopback(request, port);
    if (request.path === 'api/live' && request.method === 'GET') return listenLive(live, outgoing);
    send(outgoing, request.method, await board.answer(request));
  } catch (error) {
    const { status, message } = error instanceof BoardFault ? error : { status: 400, message: 'no valid request' };
    const answer = fault(status, message);
    send(outgoing, 'GET', { ...answer, headers: { ...answer.headers, ...SECURITY_HEADERS } });
  }
}

function listenLive(live: LiveFeed, response: ServerResponse): void {
  response.writeHead(200, { ...SECURITY_HEADERS, ...LIVE_HEADERS });
  response.flushHeaders();
  if (!live.add(response)) response.end('event: full\ndata: {}\n\n');
}

function toRequest(incoming: IncomingMessage): BoardRequest {
  const url = new URL(incoming.url ?? '/', 'http://board.invalid');
  return {
    method: incoming.method ?? 'GET',
    path: url.pathname.slice(1),
    query: url.searchParams,
    header(name) {
      const value = incoming.headers[name];
      return Array.isArray(value) ? value.join(', ') : value;
    },
    async body(most) {
      const chunks: Buffer[] = [];
      let size = 0;
      for await (const chunk of incoming as AsyncIterable<Buffer>) {
        size += chunk.length;
        if (size > most) throw new BoardFault(413, `the body is larger than ${most >> 20 || 1} MiB`);
        chunks.push(chunk);
      }
      return Buffer.concat(chunks);
    },
  };
}

function send(response: ServerResponse, method: string, { status, headers, body }: BoardResponse): void {
  if (response.headersSent || response.destroyed) return;
  // What is left of a body that is too large would be taken for the next request.
  const close = status === 413 ? { Connection: 'close' } : {};
  response.writeHead(status, { ...headers, ...close, 'Content-Length': Buffer.byteLength(body) });
  response.end(method === 'HEAD' ? undefined : body);
}
