import { existsSync } from 'node:fs';
import { Command } from 'commander';
import { formatProblem, hasErrors } from '../../src/rules/problem';
import type { Workspace, WorkspaceRule } from '../../src/rules/workspace';
import { foundProblems, note, print, printJson, UsageError } from '../io/output';
import { chosenRules, openCatalogue } from '../offline/catalogue';
import { type WorkspaceFlags, workspaceOptions } from '../offline/workspace';
import { readCases } from '../testing/case-file';
import { failureLines } from '../testing/report';
import { runCase } from '../testing/run-case';

interface Flags extends WorkspaceFlags {
  readonly rules?: readonly string[];
  readonly json?: boolean;
  readonly seed?: string;
}

interface Counts {
  passed: number;
  failed: number;
  untested: number;
}

async function test(wanted: string[], flags: Flags): Promise<void> {
  const seed = flags.seed === undefined ? undefined : Number(flags.seed);
  if (seed !== undefined && !Number.isInteger(seed)) throw new UsageError('--seed: a whole number');
  const workspace = await openCatalogue(
    wanted.filter((name) => existsSync(name)),
    flags.rules,
    flags,
  );
  const rules =
    wanted.length === 0 ? workspace.rules : [...new Set(wanted.flatMap((name) => chosenRules(workspace, name)))];
  const counts: Counts = { passed: 0, failed: 0, untested: 0 };
  for (const rule of rules) await testRule(workspace, rule, counts, seed, flags.json === true);
  const untested = counts.untested > 0 ? `; ${counts.untested} rule(s) have no cases` : '';
  note(`${counts.passed + counts.failed} case(s), ${counts.failed} failed${untested}`);
  if (counts.failed > 0) foundProblems();
}

/** `rules/x.yaml` → `rules/x.test.yaml` */
export function caseFileOf(ruleFile: string): string | undefined {
  const base = ruleFile.replace(/\.ya?ml$/i, '');
  return [`${base}.test.yaml`, `${base}.test.yml`].find((file) => existsSync(file));
}

async function testRule(
  workspace: Workspace,
  rule: WorkspaceRule,
  counts: Counts,
  seed: number | undefined,
  json: boolean,
): Promise<void> {
  const file = caseFileOf(rule.file.file);
  if (file === undefined) {
    counts.untested++;
    return;
  }
  const { cases, problems } = readCases(file);
  const all = [...rule.problems.filter(({ severity }) => severity === 'error'), ...problems];
  const named = { rule: rule.file.rule?.id, ruleName: rule.file.rule?.name };
  for (const problem of all) {
    if (json)
      printJson({
        file,
        line: problem.line,
        column: problem.column,
        ...named,
        ok: problem.severity !== 'error',
        problem,
      });
    else note(formatProblem(problem));
  }
  // What could not be read counts as a case that failed: it was not tested.
  if (hasErrors(all)) counts.failed++;
  for (const item of cases) {
    const result = await runCase(workspace, rule, item, seed);
    counts[result.ok ? 'passed' : 'failed']++;
    const place = { file, line: item.at.line, column: item.at.column };
    if (json) {
      const { ok, ms, faults, rows, missing, unexpected, different } = result;
      const failure = ok
        ? {}
        : {
            expected: item.count,
            faults,
            missing: missing.map(({ columns, at }) => ({ line: at.line, row: Object.fromEntries(columns) })),
            unexpected,
            different: different.map(({ expected, differences }) => ({ line: expected.at.line, differences })),
          };
      printJson({
        ...place,
        ...named,
        name: item.name,
        ok,
        ms: Math.round(ms * 10) / 10,
        rows: rows.length,
        seed: result.seed,
        ...failure,
      });
      continue;
    }
    const duration = `${result.ms.toFixed(1)} ms`;
    if (result.ok) print(`ok    ${file}:${item.at.line}  ${item.name}  (${duration})`);
    else
      print(
        [
          `FAIL  ${file}:${item.at.line}:${item.at.column}  ${item.name}  (${duration})`,
          ...failureLines(item, result).map((line) => `      ${line}`),
        ].join('\n'),
      );
  }
}

export const testVerb = (): Command =>
  workspaceOptions(new Command('test'))
    .description(
      'Runs the test cases beside rules (NAME.test.yaml) with the engine that is deployed. Exit code 1 if one fails.',
    )
    .argument('[RULE...]', 'rule files and folders, ids or names (default: all of rules/)')
    .option('--rules <PATH...>', 'where rules are looked up by name (default: rules/)')
    .option('--seed <N>', 'how events are cut into batches (default: decided by the name of the case)')
    .option('--json', 'one JSON object a case')
    .addHelpText(
      'after',
      `
Examples:
  outrider test
  outrider test "Lateral Movement via DCOM"
  outrider test my-rules/ --json

A test file is a list of cases, or "events" by name and "cases":

  events:
    hit: { EventID: 1, Computer: host1.example, time: 2024-01-01T12:30:00Z, CommandLine: calc.exe }
  cases:
    - name: calc is found
      events: [hit]
      expect:
        - CommandLine: calc.exe
    - name: another event id is not
      events:
        - like: hit
          EventID: 3
      expect: none
      redelivery: 2
    - name: a recorded attack is found
      events:
        - file: recorded/attack.evtx       # beside this file; NDJSON, JSON, XML or EVTX, plain or .gz
      expect: 1`,
    )
    .action(test);
