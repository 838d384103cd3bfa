import { Command } from 'commander';
import type { Alert } from '../../src/alerts/alert';
import { formatAlert } from '../../src/alerts/print';
import { jsonLine } from '../../src/alerts/terminal';
import type { RulePlan } from '../../src/plan/rule-plan';
import { formatProblem, hasErrors } from '../../src/rules/problem';
import { runFunnels } from '../explain/funnel';
import { funnelText } from '../explain/funnel-text';
import { messageBodies } from '../io/input';
import { foundProblems, note, print } from '../io/output';
import { runOffline } from '../offline/offline';
import { openWorkspace, type WorkspaceFlags, workspaceOptions } from '../offline/workspace';

interface Flags extends WorkspaceFlags {
  readonly rules?: readonly string[];
  readonly input: readonly string[];
  readonly pretty?: boolean;
  readonly funnel?: boolean;
  readonly json?: boolean;
}

async function* all(files: readonly string[]): AsyncGenerator<Buffer> {
  for (const file of files) yield* messageBodies(file);
}

async function run(flags: Flags): Promise<void> {
  const workspace = await openWorkspace(flags.rules ?? [], flags);
  for (const problem of workspace.problems) note(formatProblem(problem));
  if (hasErrors(workspace.problems)) {
    note('Nothing was run: mend the rules first.');
    return foundProblems();
  }
  const plans = workspace.rules.flatMap((rule): RulePlan[] => (rule.plan ? [rule.plan] : []));
  const isTerminal = process.stderr.isTTY === true;
  const onProgress = (messages: number, records: number): void => {
    if (isTerminal) process.stderr.write(`\r${messages} messages, ${records} records read`);
  };
  if (flags.funnel) {
    const results = await runFunnels(workspace.rules, all(flags.input), onProgress, note);
    if (isTerminal) process.stderr.write('\r\u001b[K');
    const show = { colour: process.stdout.isTTY === true, width: process.stdout.columns };
    print(results.map((one) => (flags.json ? jsonLine(one) : funnelText(one, show))).join(flags.json ? '\n' : '\n\n'));
    return;
  }
  const result = await runOffline({
    plans,
    bodies: all(flags.input),
    onProgress,
    log: ({ level, message, ...rest }) => note(`${level}: ${message} ${jsonLine(rest)}`),
  });
  if (isTerminal) process.stderr.write('\r\u001b[K');
  for (const alert of result.alerts) {
    print(
      flags.pretty
        ? formatAlert(alert as unknown as Alert, { colour: process.stdout.isTTY === true })
        : jsonLine(alert),
    );
  }
  const reasons = new Map<string, number>();
  for (const { reason } of result.deadLetters) reasons.set(reason, (reasons.get(reason) ?? 0) + 1);
  const bad = [...reasons].map(([reason, count]) => `${count} ${reason}`).join(', ');
  note(
    `${plans.length} rule(s), ${result.messages} messages, ${result.matches} matching rows, ${result.windows} windows, ${result.alerts.length} alert(s)` +
      `${bad ? `; could not be evaluated: ${bad}` : ''}`,
  );
  if (result.failed > 0) foundProblems();
}

export const runVerb = (): Command =>
  workspaceOptions(new Command('run'))
    .description(
      'Runs rules over files, offline, and prints their alerts as JSON lines: every window is flushed by event time.',
    )
    .option('--rules <PATH...>', 'rule files and folders (default: rules/)')
    .requiredOption('--input <FILE...>', 'NDJSON, JSON, XML or EVTX, plain or .gz; - is standard input')
    .option('--pretty', 'print alerts for reading instead of JSON')
    .option('--funnel', 'instead of alerts: rows that each stage and predicate leaves, and the nearest misses')
    .option('--json', 'JSON lines (the default for alerts)')
    .addHelpText(
      'after',
      `
Examples:
  outrider run --rules rules/lateral-movement-via-dcom.yaml --input events.ndjson
  outrider run --input export.json.gz --pretty
  outrider run --rules rules/lateral-movement-via-dcom.yaml --input events.ndjson --funnel`,
    )
    .action(run);
