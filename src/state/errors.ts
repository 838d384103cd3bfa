/**
 * What a state store can say beside a result. Only {@link StoreUnavailable} may reach the Functions host: the host then
 * delivers the batch again. Everything else is deterministic and must be dealt with by the caller.
 */
export class StoreError extends Error {
  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = new.target.name;
  }
}

/** 412: the entity is not at the ETag that was asked for. Nothing of this call was applied. */
export class PreconditionFailed extends StoreError {}

/** 409: the entity to create is there already. Nothing of this call was applied. */
export class AlreadyExists extends StoreError {}

/** 404: the entity to replace or delete is not there. Nothing of this call was applied. */
export class NotFound extends StoreError {}

/** One of the limits of Table Storage, found by our own check before any call. */
export class LimitExceeded extends StoreError {
  constructor(
    readonly limit: string,
    readonly actual: number,
    readonly allowed: number,
  ) {
    super(`${limit}: ${actual} exceeds ${allowed}`);
  }
}

/**
 * 5xx, 429, a timeout or a lost connection. After a transaction its outcome is unknown: all of it was applied, or
 * nothing. The caller must read again before it writes again.
 */
export class StoreUnavailable extends StoreError {
  /** The delay that the service asked for, milliseconds. */
  readonly retryAfter: number | undefined;
  constructor(message: string, options?: ErrorOptions & { retryAfter?: number }) {
    super(message, options);
    this.retryAfter = options?.retryAfter;
  }
}

/** Any other 4xx: a fault of the data or the settings, the same on every try. Nothing of this call was applied. */
export class StoreRejected extends StoreError {
  constructor(
    message: string,
    readonly status: number,
    readonly code: string | undefined,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}

/** Whether the store refuses an operation for what it holds, on every try. A missing permission is not that: it may be given later. */
export const isRefusal = (error: unknown): error is LimitExceeded | StoreRejected =>
  error instanceof LimitExceeded || (error instanceof StoreRejected && error.status !== 401 && error.status !== 403);

/**
 * Whether the store, or a permission on it, is what fails: the same for everything that is asked of it, so the whole call is tried again.
 * Whatever else goes wrong belongs to one rule, window or entity.
 */
export const isOutage = (error: unknown): error is StoreUnavailable | StoreRejected =>
  error instanceof StoreUnavailable || (error instanceof StoreRejected && !isRefusal(error));

/** A value whose chunks do not belong together, also after reading it again. */
export class TornValue extends StoreError {}

/** Whether another writer has changed the entities meanwhile: read again and try again. */
export function isConflict(error: unknown): boolean {
  return error instanceof PreconditionFailed || error instanceof AlreadyExists || error instanceof NotFound;
}
