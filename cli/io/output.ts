import { jsonLine, terminalText } from '../../src/alerts/terminal';

/** Results go to standard output, everything else to standard error. */
export const print = (text: string): void => {
  process.stdout.write(`${text}\n`);
};
/** A value as one line of JSON. */
export const printJson = (value: unknown): void => print(jsonLine(value));
/** What is said beside the results. It may quote a name, a path or an event: nothing in it acts on the terminal. */
export const note = (text: string): void => {
  process.stderr.write(`${terminalText(text)}\n`);
};

/** Thrown for what the user got wrong in the call itself: exit code 2. */
export class UsageError extends Error {}

/** Set when a verb found problems: exit code 1. */
export const foundProblems = (): void => {
  process.exitCode = 1;
};
