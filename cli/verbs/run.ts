import { Command } from 'commander';
import { formatAlert } from '../../src/alerts/print';
import { jsonLine } from '../../src/alerts/terminal';
import type { RulePlan } from '../../src/plan/rule-plan';
import { formatProblem, hasErrors } from '../../src/rules/problem';
import { messageBodies } from '../io/input';
import { foundProblems, note, print } from '../io/output';
import { Progress } from '../io/progress';
import { expandInputs, type RangeFlags, rangeOf } from '../io/sources';
import { runFiles } from '../offline/run-files';
import { unreadLines } from '../offline/unread';
import { openWorkspace, type WorkspaceFlags, workspaceOptions } from '../offline/workspace';

interface Flags extends WorkspaceFlags, RangeFlags {
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
  const files = await expandInputs(flags.input, rangeOf(flags));
  const plans = workspace.rules.flatMap((rule): RulePlan[] => (rule.plan ? [rule.plan] : []));
  const progress = new Progress();
  const onProgress = (messages: number, records: number): void =>
    progress.show(`${messages} messages, ${records} records read`);
  if (flags.funnel) {
    const { runFunnels } = await import('../explain/funnel');
    const { funnelText } = await import('../explain/funnel-text');
    const results = await runFunnels(workspace.rules, all(files), onProgress, note);
    progress.clear();
    const show = { colour: process.stdout.isTTY === true, width: process.stdout.columns };
    print(results.map((one) => (flags.json ? jsonLine(one) : funnelText(one, show))).join(flags.json ? '\n' : '\n\n'));
    return;
  }
  const result = await runFiles({
    plans,
    files,
    jobs: flags.jobs,
    onProgress,
    log: ({ level, message, ...rest }) => {
      progress.clear();
      note(`${level}: ${message} ${jsonLine(rest)}`);
    },
  });
  progress.clear();
  for (const alert of result.alerts) {
    print(flags.pretty ? formatAlert(alert, { colour: process.stdout.isTTY === true }) : jsonLine(alert));
  }
  for (const { file, counts } of result.unread) for (const line of unreadLines(file, counts)) note(line);
  note(
    `${plans.length} rule(s), ${result.messages} messages, ${result.matches} matching rows, ${result.windows} windows, ${result.alerts.length} alert(s)`,
  );
  if (result.failed > 0) foundProblems();
}

export const runVerb = (): Command =>
  workspaceOptions(new Command('run'))
    .description(
      'Runs rules over files, offline, and prints their alerts as JSON lines: every window is flushed by event time.',
    )
    .option('--rules <PATH...>', 'rule files and folders (default: rules/)')
    .requiredOption(
      '--input <FILE...>',
      'NDJSON, JSON, XML, EVTX or Capture (.avro), plain or .gz; https://ACCOUNT.blob.core.windows.net/CONTAINER/PREFIX is all blobs there; - is standard input',
    )
    .option(
      '--from <TIME>',
      'blobs and captured messages from this time on, such as 2026-03-14 or 2026-03-14T15:00:00Z',
    )
    .option('--to <TIME>', 'blobs and captured messages before this time')
    .option('--pretty', 'print alerts for reading instead of JSON')
    .option('--funnel', 'instead of alerts: rows that each stage and predicate leaves, and the nearest misses')
    .option('--json', 'JSON lines (the default for alerts)')
    .addHelpText(
      'after',
      `
Examples:
  outrider run --rules rules/lateral-movement-via-dcom.yaml --input events.ndjson
  outrider run --input export.json.gz --pretty
  outrider run --input https://ACCOUNT.blob.core.windows.net/capture/ns/events --from 2026-03-01 --to 2026-04-01
  outrider run --rules my-rules/ --input monday.ndjson tuesday.ndjson.gz --jobs 4
  outrider run --rules rules/lateral-movement-via-dcom.yaml --input events.ndjson --funnel

Files are read in parts by several threads (--jobs); alerts are the same, in the same order, with any number of them. Rules that have not
changed since they were compiled before are taken from the cache of the user (--no-cache: not). What could not be read of a file is said on
standard error, with its reasons and the first of its messages.`,
    )
    .action(run);
