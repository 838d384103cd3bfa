import { AlreadyExists, NotFound, PreconditionFailed, StoreError, StoreRejected, StoreUnavailable } from './errors';
import { messageOf } from './message';
import { parseRetryAfter } from './retry-after';

/** The fields of the client library's RestError (and of Node's system errors) that tell what happened. */
interface ServiceError {
  readonly code?: string;
  readonly statusCode?: number;
  readonly details?: { readonly odataError?: { readonly code?: string } };
  readonly response?: { readonly headers?: { get(name: string): string | undefined } };
}

/** 409 and 404 that speak of the table, not of the entity: it is being made or removed, which passes. */
const PASSING = new Set(['TableNotFound', 'TableBeingDeleted', 'OperationTimedOut', 'ServerBusy']);

/**
 * Translates an error of the Table client into one of ours. The text of the entity is in none of them.
 *
 * @param now milliseconds since 1970, for a Retry-After that is a date
 */
export function translateError(error: unknown, now: number): StoreError {
  if (error instanceof StoreError) return error;
  const { statusCode: status, details, code: ownCode, response } = error as ServiceError;
  const code = details?.odataError?.code ?? ownCode;
  const text = `table service: ${status ?? ''} ${code ?? ''} ${firstLine(messageOf(error))}`.replace(/ +/g, ' ').trim();
  const cause = { cause: error };
  if (status === undefined || status >= 500 || status === 429 || status === 408 || (code && PASSING.has(code))) {
    const retryAfter = parseRetryAfter(response?.headers?.get('retry-after'), now);
    return new StoreUnavailable(text, { ...cause, retryAfter });
  }
  if (status === 412) return new PreconditionFailed(text, cause);
  if (status === 409) return new AlreadyExists(text, cause);
  if (status === 404) return new NotFound(text, cause);
  if (status < 400) return new StoreUnavailable(text, cause);
  // The emulator answers 400 where the service answers 409.
  if (code === 'EntityAlreadyExist' || code === 'EntityAlreadyExists') return new AlreadyExists(text, cause);
  return new StoreRejected(text, status, code, cause);
}

/** Whether the table itself is missing. */
export function isTableMissing(error: unknown): boolean {
  const { details, code } = error as ServiceError;
  return (details?.odataError?.code ?? code) === 'TableNotFound';
}

function firstLine(message: string): string {
  return message.split('\n', 1)[0]!.slice(0, 200);
}
