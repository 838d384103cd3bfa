import { type Expr, expressionsOf, factsOf, type Pipeline, partsOf, patternCost, pipelinesOf } from '../kql';
import type { Problem } from './problem';
import type { RuleFile } from './read';

/** Functions that look for all matches of a pattern, with the place of it among their arguments. */
const ALL_MATCHES: ReadonlyMap<string, number> = new Map([
  ['extract_all', 0],
  ['extractall', 0],
  ['replace_regex', 1],
  ['replace', 0],
  ['countof', 1],
  ['indexof_regex', 1],
]);
/** Functions and operators that look for one. */
const ONE_MATCH: ReadonlyMap<string, number> = new Map([
  ['matches regex', 1],
  ['extract', 0],
  ['trim', 0],
  ['trim_start', 0],
  ['trim_end', 0],
]);
/** Copies of a part that counted repetitions may ask for before they are warned of. */
const MANY = 100;

/** Regular expressions of a query that hostile events can make slow, and that are then refused, with what to write instead. */
export function slowPatterns(file: RuleFile, query: Pipeline): Problem[] {
  const problems: Problem[] = [];
  const warn = (code: string, message: string, at = 0): void => {
    problems.push({ severity: 'warning', code, message, file: file.file, ...file.queryPosition(at) });
  };
  const judge = (pattern: string, where: string, seeksAll: boolean, at?: number): void => {
    const shown = pattern.length > 80 ? `${pattern.slice(0, 80)}…` : pattern;
    const { scansAhead, repetitions } = patternCost(pattern);
    if (seeksAll && scansAhead)
      warn(
        'slow-pattern',
        `${where} looks for all matches, and one way to match '${shown}' goes on to something that may be far away or missing: an event written for it is refused (rule-failed). Bound what stands between, such as [^,]{0,64} in place of .*, or look for each alternative in a call of its own.`,
        at,
      );
    if (repetitions >= MANY)
      warn(
        'large-repetition',
        `A part of '${shown}' is repeated up to ${repetitions} times, and each repetition is work for every character: long events are refused (rule-failed). Write + or * and test strlen() of what was found, or repeat less than ${MANY} times.`,
        at,
      );
  };
  const inExpr = (expr: Expr): void => {
    if (expr.k === 'call') {
      const all = ALL_MATCHES.get(expr.fn);
      const kind = expr.fn === 'countof' ? expr.args[2] : undefined;
      const isPlain = expr.fn === 'countof' && !(kind?.k === 'lit' && kind.v === 'regex');
      const pattern = isPlain ? undefined : expr.args[all ?? ONE_MATCH.get(expr.fn) ?? -1];
      if (pattern?.k === 'lit' && typeof pattern.v === 'string')
        judge(pattern.v, expr.fn === 'matches regex' ? expr.fn : `${expr.fn}()`, all !== undefined, expr.at);
    }
    partsOf(expr).forEach(inExpr);
  };
  const inPipeline = ({ source, ops }: Pipeline): void => {
    if (source.kind === 'union') source.union.legs.forEach(inPipeline);
    for (const op of ops) {
      expressionsOf(op).forEach(inExpr);
      for (const pattern of factsOf(op).patterns?.(op) ?? []) judge(pattern, op.op, true);
      pipelinesOf(op).forEach(inPipeline);
    }
  };
  inPipeline(query);
  return distinct(problems);
}

/** A `let` that is used twice is in the plan twice. */
const distinct = (problems: readonly Problem[]): Problem[] => [
  ...new Map(
    problems.map((problem) => [`${problem.line}:${problem.column}:${problem.code}:${problem.message}`, problem]),
  ).values(),
];
