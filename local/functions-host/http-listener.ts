import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { HttpData, InvocationRequest } from './core-types';
import type { Report } from './events';
import type { HttpRoutes } from './http-routes';
import type { Invoker } from './invoker';
import { runFunction } from './run-function';
import type { RunningTrigger } from './triggers';

const LARGEST_BODY_BYTES = 100 * 1024 * 1024;

export interface HttpListenerContext {
  invoker: Invoker;
  routes: HttpRoutes;
  report: Report;
  port: number;
  /** Starts a function at once, whatever its trigger. Returns false for a function that is not running here. */
  invokeByName(name: string): boolean;
}

export interface RunningListener extends RunningTrigger {
  port: number;
}

/** Listens on the loopback address for HTTP functions and for `POST /admin/functions/NAME`, as the real host does. */
export async function startHttpListener(context: HttpListenerContext): Promise<RunningListener> {
  const pending = new Set<Promise<void>>();
  const server = createServer((request, response) => {
    const handling = handle(request, response, context).catch(() => {
      if (!response.headersSent) response.writeHead(500);
      response.end();
    });
    pending.add(handling);
    void handling.finally(() => pending.delete(handling));
  });
  await listen(server, context.port);
  return {
    port: (server.address() as AddressInfo).port,
    async stop() {
      const closed = new Promise((resolve) => server.close(resolve));
      server.closeIdleConnections();
      await Promise.all(pending);
      server.closeAllConnections();
      await closed;
    },
  };
}

function listen(server: Server, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      reject(
        error.code === 'EADDRINUSE'
          ? new Error(`port ${port} for the Functions host is taken by another program`)
          : error,
      );
    });
    server.listen({ port, host: '127.0.0.1' }, () => resolve());
  });
}

async function handle(request: IncomingMessage, response: ServerResponse, context: HttpListenerContext): Promise<void> {
  const method = (request.method ?? 'GET').toUpperCase();
  const url = new URL(request.url ?? '/', `http://${request.headers.host ?? 'localhost'}`);
  const admin = /^\/admin\/functions\/([^/]+)$/.exec(url.pathname);
  if (admin) {
    const name = decodeURIComponent(admin[1]!);
    if (method !== 'POST') end(response, 405);
    else end(response, context.invokeByName(name) ? 202 : 404);
    return;
  }
  const match = context.routes.match(method, url.pathname);
  if (!match.fn) return end(response, match.status);
  const body = await readBody(request);
  if (body === undefined) return end(response, 413);
  const http = requestData(request, method, url, match.params, body);
  const { name } = match.fn.trigger;
  const call: InvocationRequest = { inputData: [{ name, data: { http } }], triggerMetadata: {} };
  const outcome = await runFunction(context.invoker, match.fn, call, context.report, new AbortController().signal);
  if (outcome.status !== 'succeeded') return end(response, 500);
  respond(response, outcome.response?.returnValue?.http);
}

function end(response: ServerResponse, status: number): void {
  response.writeHead(status).end();
}

async function readBody(request: IncomingMessage): Promise<Buffer | undefined> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > LARGEST_BODY_BYTES) return undefined;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

function requestData(
  request: IncomingMessage,
  method: string,
  url: URL,
  params: Record<string, string>,
  body: Buffer,
): HttpData {
  const headers = Object.entries(request.headers).map(
    ([name, value]) => [name, Array.isArray(value) ? value.join(', ') : (value ?? '')] as const,
  );
  return {
    method,
    url: url.href,
    nullableHeaders: nullable(headers),
    nullableParams: nullable(Object.entries(params)),
    nullableQuery: nullable([...url.searchParams]),
    ...(body.length > 0 ? { body: { bytes: body } } : {}),
  };
}

function nullable(entries: readonly (readonly [string, string])[]): Record<string, { value: string }> {
  return Object.fromEntries(entries.map(([name, value]) => [name, { value }]));
}

function respond(response: ServerResponse, http: HttpData | undefined): void {
  if (!http) {
    end(response, 204);
    return;
  }
  const body = http.body?.bytes ?? Buffer.from(http.body?.string ?? http.body?.json ?? '', 'utf8');
  response.writeHead(Number(http.statusCode ?? 200), http.headers ?? {}).end(body);
}
