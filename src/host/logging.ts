import type { LogEvent } from '../engine';
import type { Point } from '../telemetry/telemetry';

interface LogContext {
  info(...args: unknown[]): void;
  warn(...args: unknown[]): void;
  error(...args: unknown[]): void;
}

type Log = (event: LogEvent) => void;

/** Longest text of an error in a log line, characters. */
const LONGEST = 300;

/** Structured log lines of an invocation: one JSON object each, no text of any event. */
export function logTo(context: LogContext): Log {
  return ({ level, ...event }) => context[level](line(event));
}

/** Structured log lines of the process, one JSON object each, no text of any event. */
export const logToStderr: Log = (event) => void process.stderr.write(`${line(event)}\n`);

/** A gauge as a log line, for what has no OpenTelemetry SDK: `{"message":"metric","metric":…,"value":…}`. */
export const logGauge =
  (log: Log) =>
  ({ name, unit, value, attributes }: Point): void =>
    log({ level: 'info', message: 'metric', metric: name, value, unit, ...attributes });

/** Texts of errors quote what they are about, and that may be of an event: they are cut where a quotation begins. */
function line(event: Partial<LogEvent>): string {
  return JSON.stringify(event, (key, value: unknown) =>
    key === 'reason' && typeof value === 'string' ? value.split(/['"`\r\n]/, 1)[0]!.slice(0, LONGEST) : value,
  );
}
