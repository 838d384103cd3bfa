import { Command } from 'commander';
import { printable } from '../../src/alerts/print';
import { jsonLine } from '../../src/alerts/terminal';
import type { OperatorConfig } from '../../src/config';
import type { LogEvent, ResendOptions, Resent } from '../../src/engine';
import { openResender } from '../../src/host/operator';
import { foundProblems, note, print, printJson, UsageError } from '../io/output';
import { type AppFlags, type Choice, choiceOptions, chosenLetters, openApp, settingsOption } from './app';

interface Flags extends AppFlags, Choice, Omit<ResendOptions, 'acceptAhead'> {
  readonly acceptEarly?: boolean;
  readonly all?: boolean;
  readonly plans?: string;
  readonly json?: boolean;
}

const WORDS: Record<Resent['outcome'], string> = {
  counted: 'counted',
  'counted-before': 'was counted before; removed',
  'no-match': 'evaluated, no rule matches; removed',
  partly: 'counted, but not by every rule',
  failed: 'still cannot be evaluated',
  refused: 'refused',
};

const log = ({ level, message, ...rest }: LogEvent): void => {
  if (level !== 'info') note(`${level}: ${message} ${jsonLine(rest)}`);
};

async function resend(ids: readonly string[], flags: Flags): Promise<void> {
  if (ids.length > 0 === (flags.all === true)) throw new UsageError('give ids, or --all');
  const { config, app } = await openApp(flags);
  const plans: OperatorConfig =
    flags.plans === undefined
      ? config
      : { ...config, plans: flags.plans, hasDeployedPlans: false, isOwnPlanFile: false };
  const resender = await openResender(plans, app, log);
  const now = Date.now();
  const counts = new Map<string, number>();
  let problems = 0;
  for await (const id of flags.all ? idsOf(chosenLetters(app, flags, now), flags.reason) : ids) {
    const resent = await resender.resend(id, Date.now(), { ...flags, acceptAhead: flags.acceptEarly });
    const outcome = resent?.outcome ?? 'missing';
    counts.set(outcome, (counts.get(outcome) ?? 0) + 1);
    if (outcome === 'missing' || outcome === 'partly' || outcome === 'failed' || outcome === 'refused') problems++;
    if (flags.json) printJson({ id, ...(resent ?? { outcome }) });
    else print(line(id, resent));
  }
  const parts = [...counts].map(([outcome, count]) => `${count} ${outcome}`);
  note(`${flags.dryRun ? 'Dry run: ' : ''}${parts.length > 0 ? parts.join(', ') : 'no dead letters'}`);
  if (problems > 0) foundProblems();
}

function line(id: string, resent: Resent | undefined): string {
  if (!resent) return `${printable(id)}  there is no such dead letter (any more)`;
  const detail = resent.detail === undefined ? '' : `: ${printable(resent.detail, 300)}`;
  const corrects = resent.corrects ? '; its window has run: the next flush corrects it' : '';
  return `${id}  ${WORDS[resent.outcome]}${detail}${corrects}${uncorrectedText(resent.uncorrected ?? [])}`;
}

/** Windows shown by their ends; `--json` gives all. */
const MOST_WINDOWS = 5;

function uncorrectedText(ends: readonly string[]): string {
  if (ends.length === 0) return '';
  const shown = ends.slice(0, MOST_WINDOWS).join(', ');
  const more = ends.length > MOST_WINDOWS ? ` and ${ends.length - MOST_WINDOWS} more` : '';
  return `; not corrected any more, since too little of their state is kept: the windows that end at ${shown}${more}`;
}

/** What ended the app may end this command too: it is sent again only where it is asked for. */
async function* idsOf(
  letters: AsyncIterable<{ readonly id: string; readonly reason: string }>,
  reasons: readonly string[] | undefined,
): AsyncGenerator<string> {
  for await (const letter of letters) {
    if (letter.reason === 'poison' && !reasons?.includes('poison'))
      note(`${letter.id}  poison: left alone without --reason poison`);
    else yield letter.id;
  }
}

export function resendCommand(): Command {
  const command = new Command('resend')
    .description('Evaluates dead letters again, and removes those that could be.')
    .argument('[ID...]', 'their ids')
    .addOption(settingsOption())
    .option('--all', 'all of them, or all that these options choose:');
  for (const option of choiceOptions()) command.addOption(option);
  return command
    .option('--plans <FILE>', 'the plan file (default: the setting OUTRIDER_PLANS, or dist/plans.json)')
    .option(
      '--accept-late',
      'count what came too late, where its state is still kept; says which windows stay as they are',
    )
    .option('--accept-early', 'count what was stamped in the future, once its time has come')
    .option('--dry-run', 'say what would happen, change nothing')
    .option('--json', 'print a JSON line each')
    .addHelpText(
      'after',
      `
Each is counted once, however often it is sent; nothing else is counted again. Use the plans and the settings of the app.

Examples:
  outrider deadletters resend 20260101.3f…
  outrider deadletters resend --all --reason rule-failed --since 2d --dry-run`,
    )
    .action(resend);
}
