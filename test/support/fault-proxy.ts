import http from 'node:http';
import type { AddressInfo } from 'node:net';

/** What to do with a request: pass it on, answer it ourselves, or cut the connection before or after it was applied. */
export type Fault =
  | 'pass'
  | 'reset-before'
  | 'reset-after'
  /** No answer, ever: not passed on, passed on, or passed on with an answer that breaks off half way and stays open. */
  | 'hang-before'
  | 'hang-after'
  | 'hang-amid'
  /** Not passed on, or passed on; then called instead of an answer. */
  | { readonly before: () => void }
  | { readonly after: () => void }
  | { readonly status: number; readonly headers?: Record<string, string>; readonly code?: string };

export interface FaultProxy {
  readonly port: number;
  /** Decides per request: its method, its path, its body. */
  decide: (method: string, path: string, body: Buffer) => Fault;
  requests: number;
  stop(): Promise<void>;
}

/** An HTTP proxy in front of the storage emulator that fails on command. The signed Host header is passed on unchanged. */
export async function startFaultProxy(targetPort: number): Promise<FaultProxy> {
  // A connection for each request would be what takes the time.
  const agent = new http.Agent({ keepAlive: true });
  const server = http.createServer((request, response) => {
    const parts: Buffer[] = [];
    request.on('data', (part: Buffer) => parts.push(part));
    request.once('end', () => {
      const body = Buffer.concat(parts);
      proxy.requests++;
      const { method = '', url: path = '', headers } = request;
      const fault = proxy.decide(method, path, body);
      if (fault === 'hang-before') return;
      if (fault === 'reset-before') return void request.socket.destroy();
      if (typeof fault === 'object' && 'before' in fault) return fault.before();
      if (typeof fault === 'object' && 'status' in fault) return answer(response, fault);
      const upstream = http.request({ agent, port: targetPort, host: '127.0.0.1', method, path, headers }, (result) => {
        if (fault !== 'pass' && fault !== 'hang-amid') {
          result.resume();
          result.once('end', () => {
            if (fault === 'reset-after') request.socket.destroy();
            else if (fault !== 'hang-after') fault.after();
          });
          return;
        }
        response.writeHead(result.statusCode ?? 500, result.headers);
        if (fault === 'pass') return void result.pipe(response);
        result.once('data', (part: Buffer) => response.write(part.subarray(0, part.length >> 1)));
      });
      upstream.once('error', () => request.socket.destroy());
      upstream.end(body);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const proxy: FaultProxy = {
    port: (server.address() as AddressInfo).port,
    decide: () => 'pass',
    requests: 0,
    stop: async () => {
      server.closeAllConnections();
      agent.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
  return proxy;
}

function answer(response: http.ServerResponse, fault: { status: number; headers?: object; code?: string }): void {
  response.writeHead(fault.status, { 'Content-Type': 'application/json', ...fault.headers });
  response.end(
    JSON.stringify({
      'odata.error': { code: fault.code ?? 'Other', message: { lang: 'en-US', value: 'on command' } },
    }),
  );
}
