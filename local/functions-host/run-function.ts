import { messageOf } from '../../src/state/message';
import type { RegisteredFunction } from './core-module';
import type { InvocationRequest, InvocationResponse } from './core-types';
import type { Report } from './events';
import type { Invoker } from './invoker';
import { retryPolicy, sleep } from './retry-policy';

export interface Outcome {
  /** 'cancelled': the host stops (or the partition is lost) while a retry was due. */
  status: 'succeeded' | 'failed' | 'cancelled';
  response?: InvocationResponse;
  error?: unknown;
}

/** Details for the report of an Event Hub batch. */
export interface BatchInfo {
  events: number;
  partitionId: string;
  sequenceNumbers: [number, number];
}

/** Invokes a function under its retry policy. Never rejects; the signal ends the waiting, not a running attempt. */
export async function runFunction(
  invoker: Invoker,
  fn: RegisteredFunction,
  request: InvocationRequest,
  report: Report,
  signal: AbortSignal,
  batch?: BatchInfo,
): Promise<Outcome> {
  const policy = retryPolicy(fn.metadata.retryOptions);
  const maxRetryCount = Number.isFinite(policy.maxRetries) ? policy.maxRetries : -1;
  let error: unknown;
  for (let retryCount = 0; ; retryCount++) {
    const attempt =
      retryCount === 0
        ? request
        : { ...request, retryContext: { retryCount, maxRetryCount, exception: { message: messageOf(error) } } };
    const started = performance.now();
    let response: InvocationResponse | undefined;
    let ok = true;
    try {
      response = await invoker.invoke(fn, attempt);
    } catch (thrown) {
      ok = false;
      error = thrown;
    }
    report({
      type: 'invocation',
      function: fn.metadata.name,
      ok,
      durationMs: Math.round(performance.now() - started),
      retryCount,
      ...(batch ?? { events: 0 }),
      ...(ok ? {} : { error: messageOf(error) }),
    });
    if (ok) return { status: 'succeeded', response };
    if (retryCount >= policy.maxRetries) return { status: 'failed', error };
    await sleep(policy.delay(retryCount + 1), signal);
    if (signal.aborted) return { status: 'cancelled', error };
  }
}
