import type { TokenCredential } from '@azure/identity';
import type { LogsIngestionClientOptions, LogsUploadFailure } from '@azure/monitor-ingestion';
import { parseRetryAfter } from '../../state/retry-after';
import { within } from '../../state/within';
import { toLogRow } from './log-columns';
import { reasonOf, type SendFailure, type Sink } from './sink';

export interface LogsIngestionSettings {
  readonly name?: string;
  /** `properties.endpoints.logsIngestion` of the data collection rule, or that of a data collection endpoint. */
  readonly endpoint: string;
  /** Immutable id of the data collection rule (`dcr-…`). */
  readonly ruleId: string;
  /** `Custom-…`, declared with the columns of log-columns.ts. */
  readonly stream: string;
  readonly credential: TokenCredential;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** Of the client library, such as another cloud's audience. */
  readonly clientOptions?: LogsIngestionClientOptions;
  /** How long a call may take, its requests and the sign-in included, ms (default 120,000). */
  readonly timeoutMs?: number;
}

const TIMEOUT_MS = 120_000;

/**
 * Sends alerts as rows of a custom table through the Logs Ingestion API. The client library packs calls of at most 1 MB
 * and compresses them; when some of the calls fail, only their alerts count as failed. A wait that the service asks for
 * (429) is passed on and not waited for here.
 *
 * @see https://learn.microsoft.com/azure/azure-monitor/logs/logs-ingestion-api-overview
 */
export async function openLogsIngestionSink(settings: LogsIngestionSettings): Promise<Sink> {
  const { name = 'logs-ingestion', endpoint, ruleId, stream, credential, now, clientOptions } = settings;
  const { timeoutMs = TIMEOUT_MS } = settings;
  const { LogsIngestionClient, isAggregateLogsUploadError } = await import('@azure/monitor-ingestion');
  const client = new LogsIngestionClient(endpoint, credential, { retryOptions: { maxRetries: 0 }, ...clientOptions });
  return {
    name,
    async send(alerts) {
      const rows = alerts.map((alert) => toLogRow(alert, now()));
      const cut = rows.filter((row) => row.cut).length;
      const indexes = new Map<unknown, number>(rows.map(({ row }, index) => [row, index]));
      try {
        const logs = rows.map(({ row }) => row);
        await within(timeoutMs, 'logs ingestion', (abortSignal) =>
          client.upload(ruleId, stream, logs, { abortSignal }),
        );
        return { failed: [], cut };
      } catch (error) {
        if (!isAggregateLogsUploadError(error)) throw error;
        return { ...toFailures(error.errors, indexes, now()), cut };
      }
    },
  };
}

function toFailures(errors: readonly LogsUploadFailure[], indexes: ReadonlyMap<unknown, number>, now: number) {
  const failed: SendFailure[] = [];
  let retryAfter: number | undefined;
  for (const { cause, failedLogs } of errors) {
    const wait = retryAfterOf(cause, now);
    if (wait !== undefined) retryAfter = Math.max(retryAfter ?? 0, wait);
    for (const row of failedLogs) {
      const index = indexes.get(row);
      if (index !== undefined) failed.push({ index, reason: reasonOf(cause) });
    }
  }
  return { failed, retryAfter };
}

/** @returns milliseconds */
function retryAfterOf(error: unknown, now: number): number | undefined {
  const { response } = error as { response?: { headers?: { get?(name: string): string | undefined } } };
  return parseRetryAfter(response?.headers?.get?.('retry-after'), now);
}
