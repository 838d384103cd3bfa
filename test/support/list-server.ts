import { createServer, type IncomingMessage, type RequestListener, type ServerResponse } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { LOCALHOST_CERTIFICATE, LOCALHOST_KEY } from './localhost-certificate';

export type Answer = (request: IncomingMessage, response: ServerResponse) => void;

/** What stands in for the internet: answers by path, on the loopback address alone. */
export class ListServer {
  readonly answers = new Map<string, Answer>();
  /** Paths that were asked for, in order. */
  readonly requests: string[] = [];
  /** Address without a slash at the end. */
  url = '';
  private readonly server;

  constructor(private readonly scheme: 'http' | 'https' = 'http') {
    const listener: RequestListener = (request, response) => {
      const path = (request.url ?? '').replace(/\?.*$/, '');
      this.requests.push(path);
      const answer = this.answers.get(path);
      if (answer) answer(request, response);
      else response.writeHead(404).end('no such file');
    };
    this.server =
      scheme === 'https'
        ? createTlsServer({ cert: LOCALHOST_CERTIFICATE, key: LOCALHOST_KEY }, listener)
        : createServer(listener);
  }

  /** Answers with a body, and with 304 to who has it. */
  serve(path: string, body: string | Buffer, headers: Record<string, string> = {}): void {
    this.answers.set(path, (request, response) => {
      if (headers.etag !== undefined && request.headers['if-none-match'] === headers.etag)
        response.writeHead(304).end();
      else response.writeHead(200, headers).end(body);
    });
  }

  async start(): Promise<this> {
    await new Promise<void>((resolve) => this.server.listen(0, '127.0.0.1', resolve));
    this.url = `${this.scheme}://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
    return this;
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }
}
