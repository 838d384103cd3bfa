import { mkdirSync, renameSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { Command } from 'commander';
import { pagesText, type StoredPage } from '../../src/board/pages';
import { rulePages } from '../../src/explain/page/page';
import { planFileOf, type RulePlan } from '../../src/plan/rule-plan';
import { formatProblem, hasErrors } from '../../src/rules/problem';
import type { WorkspaceRule } from '../../src/rules/workspace';
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
  put(flags.out, JSON.stringify(planFileOf(plans)));
  put(join(dirname(flags.out), 'pages.json'), pagesText(storedPages(workspace.rules)));
  if (flags.json)
    printJson({
      file: flags.out,
      rules: plans.map(({ rule, hash }) => ({ id: rule.id, name: rule.name, hash })),
    });
  else note(`${flags.out}: ${plans.length} rule(s)`);
}

/** A reader never sees half a file. */
function put(file: string, text: string): void {
  writeFileSync(`${file}.new`, text);
  renameSync(`${file}.new`, file);
}

/** The pages of the rules, for whoever has the plans and no compiler. */
function storedPages(rules: readonly WorkspaceRule[]): StoredPage[] {
  const hashes = new Map(rules.flatMap(({ plan }) => (plan ? [[plan.rule.id, plan.hash] as const] : [])));
  return rulePages(rules, rules).map((page) => ({ hash: hashes.get(page.id) ?? '', page }));
}

export const buildVerb = (): Command =>
  workspaceOptions(new Command('build'))
    .description(
      'Compiles rules into the plan file that is deployed, and writes their pages beside it. Refuses if any rule has an error.',
    )
    .argument('[RULE...]', 'rule files and folders (default: rules/)')
    .option('--out <FILE>', 'the plan file', 'dist/plans.json')
    .option('--json', 'print what was built as JSON')
    .addHelpText(
      'after',
      `
Examples:
  outrider build
  outrider build rules/ more-rules/ --out dist/plans.json
  outrider build --jobs 2 --no-cache`,
    )
    .action(build);
