import http from 'node:http';
import type { AddressInfo } from 'node:net';

/** What to do with a request: pass it on, answer it ourselves, or cut the connection before or after it was applied. */
export type Fault =
  | 'pass'
  | 'reset-before'
  | 'reset-after'
  | 'hang'
  | { readonly status: number; readonly headers?: Record<string, string>; readonly code?: string };

export interface FaultProxy {
  readonly port: number;
  /** Decides per request; the first argument is its method, the second its path. */
  decide: (method: string, path: string) => Fault;
  requests: number;
  stop(): Promise<void>;
}

/** An HTTP proxy in front of the storage emulator that fails on command. The signed Host header is passed on unchanged. */
export async function startFaultProxy(targetPort: number): Promise<FaultProxy> {
  const server = http.createServer((request, response) => {
    proxy.requests++;
    const fault = proxy.decide(request.method ?? '', request.url ?? '');
    if (fault === 'hang') return;
    if (fault === 'reset-before') return void request.socket.destroy();
    if (typeof fault === 'object') return void answer(request, response, fault);
    const { method, url: path, headers } = request;
    const upstream = http.request({ port: targetPort, host: '127.0.0.1', method, path, headers }, (result) => {
      if (fault === 'reset-after') {
        result.resume();
        result.once('end', () => request.socket.destroy());
        return;
      }
      response.writeHead(result.statusCode ?? 500, result.headers);
      result.pipe(response);
    });
    upstream.once('error', () => request.socket.destroy());
    request.pipe(upstream);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const proxy: FaultProxy = {
    port: (server.address() as AddressInfo).port,
    decide: () => 'pass',
    requests: 0,
    stop: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
  return proxy;
}

function answer(request: http.IncomingMessage, response: http.ServerResponse, fault: Exclude<Fault, string>): void {
  request.resume();
  request.once('end', () => {
    response.writeHead(fault.status, { 'Content-Type': 'application/json', ...fault.headers });
    response.end(
      JSON.stringify({
        'odata.error': { code: fault.code ?? 'Other', message: { lang: 'en-US', value: 'on command' } },
      }),
    );
  });
}
