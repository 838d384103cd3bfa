import { existsSync } from 'node:fs';
import { Command } from 'commander';
import { jsonLine } from '../../src/alerts/terminal';
import { type RulePage, rulePages } from '../../src/explain/page/page';
import { formatProblem, hasErrors } from '../../src/rules/problem';
import { pageMarkdown } from '../explain/page-markdown';
import { pageText } from '../explain/page-text';
import { foundProblems, note, print } from '../io/output';
import { chosenRules, openCatalogue } from '../offline/catalogue';
import { type WorkspaceFlags, workspaceOptions } from '../offline/workspace';

interface Flags extends WorkspaceFlags {
  readonly rules?: readonly string[];
  readonly json?: boolean;
  readonly markdown?: boolean;
}

async function explain(wanted: string[], flags: Flags): Promise<void> {
  const workspace = await openCatalogue(
    wanted.filter((name) => existsSync(name)),
    flags.rules,
    flags,
  );
  const rules = wanted.flatMap((name) => chosenRules(workspace, name));
  for (const rule of rules) for (const problem of rule.problems) note(formatProblem(problem));
  if (rules.some((rule) => hasErrors(rule.problems))) {
    note('A rule with errors has no page: mend it first.');
    foundProblems();
  }
  const pages = rulePages(rules, workspace.rules);
  const colour = process.stdout.isTTY === true;
  const width = process.stdout.columns ?? 120;
  const show = (page: RulePage): string =>
    flags.json ? jsonLine(page) : flags.markdown ? pageMarkdown(page) : pageText(page, { colour, width });
  print(pages.map(show).join(flags.json ? '\n' : '\n\n'));
}

export const explainVerb = (): Command =>
  workspaceOptions(new Command('explain'))
    .description(
      'Shows the page of a rule, derived from its file alone: what it looks for, stage by stage, what it keeps and for how long, and what it silently depends on.',
    )
    .argument('<RULE...>', 'a rule file or folder, or the id, name or file name of a rule in rules/')
    .option(
      '--rules <PATH...>',
      'the catalogue: rules by name, and those that indicators are counted over (default: rules/)',
    )
    .option('--json', 'one JSON object a rule')
    .option('--markdown', 'Markdown, for the documentation of a rule')
    .addHelpText(
      'after',
      `
Examples:
  outrider explain "Lateral Movement via DCOM"
  outrider explain rules/lateral-movement-via-dcom.yaml --markdown > docs/dcom.md
  outrider explain 50cbf34a-4cdd-45d7-b3f5-8b53a1d0d14f --json`,
    )
    .action(explain);
