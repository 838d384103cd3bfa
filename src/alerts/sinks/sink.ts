import { messageOf } from '../../state/message';
/** An alert as JSON, of which only the fields that identify it are known here. */
export interface AlertJson {
  readonly SystemAlertId: string;
  /** From 1. */
  readonly Revision: number;
}

/** All fields of an alert by name. */
export function fieldsOf(alert: AlertJson): Readonly<Record<string, unknown>> {
  return { ...alert };
}

export interface SendFailure {
  /** Of the alert in the list that was to be sent. */
  readonly index: number;
  /** For logs: says what went wrong, holds nothing of the alert. */
  readonly reason: string;
}

export interface SendResult {
  /** The alerts that did not arrive; all others did. */
  readonly failed: readonly SendFailure[];
  /** How long the receiver asked us to wait, milliseconds. */
  readonly retryAfter?: number;
  /** Alerts that were too large for the receiver and arrived cut, with a field that says so. */
  readonly cut?: number;
}

/**
 * A place that alerts are sent to. Delivery is at least once: a receiver tells a repetition by SystemAlertId and Revision.
 */
export interface Sink {
  /** Stable: marks of what was delivered are kept under it. `[A-Za-z0-9-]`, at most 40 characters. */
  readonly name: string;
  /** Sends alerts in order. An error thrown counts as the failure of them all. */
  send(alerts: readonly AlertJson[]): Promise<SendResult>;
  close?(): Promise<void>;
}

/** Every alert of a list failed for one reason. */
export function allFailed(alerts: readonly AlertJson[], reason: string, retryAfter?: number): SendResult {
  return { failed: alerts.map((_, index) => ({ index, reason })), retryAfter };
}

/** The part of an error that may be logged: one line, cut. */
export function reasonOf(error: unknown): string {
  const { name, code, statusCode } = error as { name?: string; code?: unknown; statusCode?: unknown };
  const parts = [name, statusCode, code, messageOf(error).split('\n', 1)[0]];
  return parts
    .filter((part) => part !== undefined && part !== '')
    .join(' ')
    .slice(0, 300);
}
