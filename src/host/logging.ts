import type { LogEvent } from '../engine';

interface LogContext {
  info(...args: unknown[]): void;
  warn(...args: unknown[]): void;
  error(...args: unknown[]): void;
}

/** Structured log lines of an invocation: one JSON object each, no text of any event. */
export function logTo(context: LogContext): (event: LogEvent) => void {
  return ({ level, ...event }) => context[level](JSON.stringify(event));
}
