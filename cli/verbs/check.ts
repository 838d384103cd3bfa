import { Command } from 'commander';
import { shownReference } from '../../src/kql';
import { formatProblem, hasErrors, type Problem } from '../../src/rules/problem';
import type { WorkspaceRule } from '../../src/rules/workspace';
import { foundProblems, note, print, printJson } from '../io/output';
import { openWorkspace, type WorkspaceFlags, workspaceOptions } from '../offline/workspace';

interface Flags extends WorkspaceFlags {
  readonly json?: boolean;
}

/** Stages of a rule as `check --json` shows them. */
const stagesOf = ({ plan }: WorkspaceRule): object | undefined =>
  plan && {
    row: plan.stream.legs.flatMap((leg) =>
      leg.branches.map((branch) => ({ table: branch.table, operators: branch.ops.map((op) => op.op) })),
    ),
    group: plan.stream.legs.map((leg) => (leg.group ? { by: leg.group.by.map((key) => key.name) } : null)),
    flush: plan.stream.flush.ops.map((op) => op.op),
  };

async function check(paths: string[], flags: Flags): Promise<void> {
  const workspace = await openWorkspace(paths, flags, { orEmpty: true });
  if (flags.json) {
    const seen = new Set<Problem>();
    for (const rule of workspace.rules) {
      for (const problem of rule.problems) seen.add(problem);
      const { id, name } = rule.file.rule ?? {};
      printJson({
        file: rule.file.file,
        id,
        name,
        ok: !hasErrors(rule.problems),
        problems: rule.problems.map(({ file: _, ...problem }) => problem),
        stages: stagesOf(rule),
        ...(rule.plan?.references?.length ? { references: rule.plan.references.map(shownReference) } : {}),
      });
    }
    for (const problem of workspace.problems.filter((each) => !seen.has(each))) {
      printJson({ file: problem.file, ok: problem.severity !== 'error', problems: [problem] });
    }
  } else {
    for (const problem of workspace.problems) print(formatProblem(problem));
    const good = workspace.rules.filter((rule) => !hasErrors(rule.problems)).length;
    note(`${good} of ${workspace.rules.length} rule(s) can run.`);
  }
  if (hasErrors(workspace.problems)) foundProblems();
}

export const checkVerb = (): Command =>
  workspaceOptions(new Command('check'))
    .description('Names every problem of every rule, with file, line and column. Exit code 1 if any is an error.')
    .argument('[RULE...]', 'rule files and folders (default: rules/)')
    .option('--json', 'one JSON object a rule')
    .addHelpText(
      'after',
      `
Examples:
  outrider check
  outrider check my-rules/ --json
  outrider check --hunting hunting-queries/`,
    )
    .action(check);
