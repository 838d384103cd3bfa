import type { IncomingMessage, ServerResponse } from 'node:http';
import https from 'node:https';
import type { AddressInfo } from 'node:net';
import { gunzipSync } from 'node:zlib';
import type { ColumnType } from '../../src/alerts/sinks/support/log-columns';
import { LOCALHOST_CERTIFICATE, LOCALHOST_KEY } from './localhost-certificate';

export interface LogsStandIn {
  readonly endpoint: string;
  readonly certificate: string;
  /** Rows accepted, in the order of arrival. */
  readonly rows: Record<string, unknown>[];
  /** Bytes of the JSON of each call. */
  readonly calls: number[];
  /** Answers a call with a fault instead of taking its rows, or takes them and answers nothing (`reset after`). */
  fault: (
    rows: readonly Record<string, unknown>[],
  ) => { status: number; headers?: Record<string, string> } | 'reset' | 'reset after' | 'hang' | undefined;
  /** The token that is good now. */
  token: string;
  stop(): Promise<void>;
}

export interface LogsStandInOptions {
  readonly ruleId: string;
  readonly stream: string;
  readonly columns: readonly { readonly name: string; readonly type: ColumnType }[];
  readonly token: string;
}

const LARGEST_CALL = 1024 * 1024;
const LARGEST_FIELD = 64 * 1024;
const DATETIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,7})?Z$/;

/**
 * Stands in for the Logs Ingestion API: checks address, API version, token, compression, size and the declared columns
 * with their types, and refuses what the service would refuse or would change in silence.
 *
 * @see https://learn.microsoft.com/azure/azure-monitor/logs/logs-ingestion-api-overview
 */
export async function startLogsStandIn(options: LogsStandInOptions): Promise<LogsStandIn> {
  const server = https.createServer({ cert: LOCALHOST_CERTIFICATE, key: LOCALHOST_KEY }, (request, response) => {
    receive(request).then((body) => answer(request, response, body));
  });
  const answer = (request: IncomingMessage, response: ServerResponse, body: Buffer) => {
    const problem = check(request, { ...options, token: standIn.token });
    if (problem) return reply(response, problem.status, problem.message);
    const json = gunzipSync(body);
    standIn.calls.push(json.length);
    if (json.length > LARGEST_CALL) return reply(response, 413, 'call too large');
    const rows = JSON.parse(json.toString()) as Record<string, unknown>[];
    const fault = standIn.fault(rows);
    if (fault === 'hang') return;
    if (fault === 'reset') return void request.socket.destroy();
    if (fault && fault !== 'reset after') return reply(response, fault.status, 'on command', fault.headers);
    const wrong = rows.flatMap((row) => checkRow(row, options.columns));
    if (wrong.length > 0) return reply(response, 400, wrong.join('; '));
    standIn.rows.push(...rows);
    if (fault === 'reset after') return void request.socket.destroy();
    response.writeHead(204).end();
  };
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const standIn: LogsStandIn = {
    endpoint: `https://localhost:${(server.address() as AddressInfo).port}`,
    certificate: LOCALHOST_CERTIFICATE,
    rows: [],
    calls: [],
    fault: () => undefined,
    token: options.token,
    stop: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
  return standIn;
}

async function receive(request: IncomingMessage): Promise<Buffer> {
  const parts: Buffer[] = [];
  for await (const part of request) parts.push(part);
  return Buffer.concat(parts);
}

function reply(response: ServerResponse, status: number, message: string, headers?: Record<string, string>): void {
  response.writeHead(status, { 'Content-Type': 'application/json', ...headers });
  response.end(JSON.stringify({ error: { code: String(status), message } }));
}

function check({ method, url, headers }: IncomingMessage, { ruleId, stream, token }: LogsStandInOptions) {
  const { pathname, searchParams } = new URL(url ?? '', 'https://localhost');
  if (method !== 'POST' || pathname !== `/dataCollectionRules/${ruleId}/streams/${stream}`)
    return { status: 404, message: `no such stream: ${pathname}` };
  if (searchParams.get('api-version') !== '2023-01-01') return { status: 400, message: 'api-version' };
  if (headers.authorization !== `Bearer ${token}`) return { status: 401, message: 'token' };
  if (headers['content-type'] !== 'application/json') return { status: 415, message: 'content type' };
  if (headers['content-encoding'] !== 'gzip') return { status: 400, message: 'not compressed' };
  return undefined;
}

function checkRow(row: Record<string, unknown>, columns: LogsStandInOptions['columns']): string[] {
  const types = new Map(columns.map(({ name, type }) => [name, type]));
  return Object.entries(row).flatMap(([name, value]) => {
    const type = types.get(name);
    if (!type) return [`column ${name} is not declared`];
    if (value === null) return name === 'TimeGenerated' ? ['no TimeGenerated'] : [];
    if (Buffer.byteLength(JSON.stringify(value)) > LARGEST_FIELD) return [`column ${name} is over 64 KB`];
    return isOfType(value, type) ? [] : [`column ${name} is no ${type}`];
  });
}

function isOfType(value: unknown, type: ColumnType): boolean {
  if (type === 'dynamic') return typeof value === 'object';
  if (type === 'boolean') return typeof value === 'boolean';
  if (type === 'int') return Number.isInteger(value) && Math.abs(value as number) < 2 ** 31;
  if (type === 'datetime') return typeof value === 'string' && DATETIME.test(value);
  return typeof value === 'string';
}
