import { mkdirSync, renameSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { Command } from 'commander';
import { planFileOf, type RulePlan } from '../../src/plan/rule-plan';
import { formatProblem, hasErrors } from '../../src/rules/problem';
import { foundProblems, note, printJson } from '../io/output';
import { openWorkspace, type WorkspaceFlags, workspaceOptions } from '../offline/workspace';

interface Flags extends WorkspaceFlags {
  readonly out: string;
  readonly json?: boolean;
}

async function build(paths: string[], flags: Flags): Promise<void> {
  const workspace = await openWorkspace(paths, flags);
  for (const problem of workspace.problems) note(formatProblem(problem));
  if (hasErrors(workspace.problems)) {
    note(`${flags.out} was not written: a rule that does not compile never runs half.`);
    return foundProblems();
  }
  const plans = workspace.rules.flatMap((rule): RulePlan[] => (rule.plan ? [rule.plan] : []));
  mkdirSync(dirname(flags.out), { recursive: true });
  // A reader never sees half a file.
  writeFileSync(`${flags.out}.new`, JSON.stringify(planFileOf(plans)));
  renameSync(`${flags.out}.new`, flags.out);
  if (flags.json)
    printJson({
      file: flags.out,
      rules: plans.map(({ rule, hash }) => ({ id: rule.id, name: rule.name, hash })),
    });
  else note(`${flags.out}: ${plans.length} rule(s)`);
}

export const buildVerb = (): Command =>
  workspaceOptions(new Command('build'))
    .description('Compiles rules into the plan file that is deployed. Refuses if any rule has an error.')
    .argument('[RULE...]', 'rule files and folders (default: rules/)')
    .option('--out <FILE>', 'the plan file', 'dist/plans.json')
    .option('--json', 'print what was built as JSON')
    .addHelpText(
      'after',
      `
Examples:
  outrider build
  outrider build rules/ more-rules/ --out dist/plans.json`,
    )
    .action(build);
