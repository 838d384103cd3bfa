import type { Position } from '../plan/position';

/** One thing wrong with a rule or settings file. */
export interface Problem extends Position {
  /** `error`: the file is not used. `warning`: it is used, but look at it. */
  severity: 'error' | 'warning';
  /** Stable name of the kind of problem, such as `unknown-field`. */
  code: string;
  /** What is wrong and what to do about it, in one or two sentences. */
  message: string;
  /** Path of the file as it was given. */
  file: string;
}

/** Orders problems as a reader meets them: by file, then by position. */
export function sortProblems(problems: readonly Problem[]): Problem[] {
  return [...problems].sort(
    (a, b) => compare(a.file, b.file) || a.line - b.line || a.column - b.column || compare(a.code, b.code),
  );
}

/** `file:line:column: severity: message [code]`, the form that editors and CI systems link. */
export function formatProblem(problem: Problem): string {
  const { file, line, column, severity, message, code } = problem;
  return `${file}:${line}:${column}: ${severity}: ${message} [${code}]`;
}

export function hasErrors(problems: readonly Problem[]): boolean {
  return problems.some((problem) => problem.severity === 'error');
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
