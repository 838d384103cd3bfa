import type { TokenCredential } from '@azure/identity';
import type { LogsIngestionClientOptions, LogsUploadFailure } from '@azure/monitor-ingestion';
import { parseRetryAfter } from '../../state/retry-after';
import { within } from '../../state/within';
import { defineSink } from './define';
import { reasonOf, type SendFailure, type Sink } from './sink';
import { jsonBytes } from './support/cut';
import { toLogRow } from './support/log-columns';

export const logsIngestion = defineSink({
  name: 'logs-ingestion',
  settings: {
    LOGS_INGESTION_ENDPOINT: { kind: 'url', description: 'endpoint of the data collection rule.' },
    LOGS_INGESTION_RULE_ID: { kind: 'text', description: 'immutable id of the data collection rule (dcr-…).' },
    LOGS_INGESTION_STREAM: { kind: 'text', description: 'its stream.', default: 'Custom-OutriderAlerts' },
  },
  open: async (settings, { name, credential, now }) =>
    openLogsIngestionSink({
      name,
      endpoint: settings.LOGS_INGESTION_ENDPOINT,
      ruleId: settings.LOGS_INGESTION_RULE_ID,
      stream: settings.LOGS_INGESTION_STREAM,
      credential: await credential(),
      now,
    }),
});

export interface LogsIngestionSinkOptions {
  readonly name: string;
  /** `properties.endpoints.logsIngestion` of the data collection rule, or that of a data collection endpoint. */
  readonly endpoint: string;
  /** Immutable id of the data collection rule (`dcr-…`). */
  readonly ruleId: string;
  /** `Custom-…`, declared with the columns of support/log-columns.ts. */
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
 * and compresses them; when some of the calls fail, only their alerts count as failed. A call that is refused as too large
 * (413, as by a proxy with a bound of its own) is sent again in halves, a row alone with its fields cut. A wait that the
 * service asks for (429, 503) is passed on and not waited for here.
 *
 * A connection that is lost after the service has taken a call fails its alerts too: their rows may be there twice, with
 * the same SystemAlertId and Revision.
 *
 * @see https://learn.microsoft.com/azure/azure-monitor/logs/logs-ingestion-api-overview
 */
export async function openLogsIngestionSink(settings: LogsIngestionSinkOptions): Promise<Sink> {
  const { name, endpoint, ruleId, stream, credential, now, clientOptions } = settings;
  const { timeoutMs = TIMEOUT_MS } = settings;
  const { LogsIngestionClient, isAggregateLogsUploadError } = await import('@azure/monitor-ingestion');
  const client = new LogsIngestionClient(endpoint, credential, { retryOptions: { maxRetries: 0 }, ...clientOptions });

  /** What did not arrive, call by call. */
  const upload = async (rows: readonly Row[], abortSignal: AbortSignal): Promise<LogsUploadFailure[]> => {
    try {
      await client.upload(ruleId, stream, [...rows], { abortSignal });
      return [];
    } catch (error) {
      if (!isAggregateLogsUploadError(error)) throw error;
      return error.errors;
    }
  };

  return {
    name,
    async send(alerts) {
      const cut = new Set<number>();
      const indexes = new Map<unknown, number>();
      const rowOf = (index: number, isSmall = false): Row => {
        const made = toLogRow(alerts[index]!, now(), isSmall);
        if (made.cut) cut.add(index);
        indexes.set(made.row, index);
        return made.row;
      };
      const failures = await within(timeoutMs, 'logs ingestion', async (abortSignal) => {
        const lasting: LogsUploadFailure[] = [];
        const pending = await upload(
          alerts.map((_, index) => rowOf(index)),
          abortSignal,
        );
        for (let failure = pending.pop(); failure !== undefined; failure = pending.pop()) {
          const parts = isTooLarge(failure.cause) ? smallerCalls(failure.failedLogs as Row[], rowOf, indexes) : [];
          if (parts.length === 0) lasting.push(failure);
          for (const part of parts) pending.push(...(await upload(part, abortSignal)));
        }
        return lasting;
      });
      const result = toFailures(failures, indexes, now());
      for (const { index } of result.failed) cut.delete(index);
      return { ...result, cut: cut.size };
    },
  };
}

type Row = Record<string, unknown>;

const isTooLarge = (error: unknown): boolean => (error as { statusCode?: unknown }).statusCode === 413;

/** The calls to make in place of one that is too large; none where nothing can be made smaller. */
function smallerCalls(
  rows: readonly Row[],
  rowOf: (index: number, isSmall: boolean) => Row,
  indexes: ReadonlyMap<unknown, number>,
): Row[][] {
  const middle = rows.length >> 1;
  if (middle > 0) return [rows.slice(0, middle), rows.slice(middle)];
  const small = rowOf(indexes.get(rows[0])!, true);
  return jsonBytes(small) < jsonBytes(rows[0]) ? [[small]] : [];
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
