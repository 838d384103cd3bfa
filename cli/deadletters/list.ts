import { Command, InvalidArgumentError } from 'commander';
import type { DeadLetterSummary } from '../../src/deadletters/record';
import { note, print, printJson, UsageError } from '../io/output';
import { textTable } from '../io/text-table';
import { type AppFlags, type Choice, choiceOptions, chosenLetters, isoTime, openApp, settingsOption } from './app';

interface Flags extends AppFlags, Choice {
  readonly limit: number;
  readonly after?: string;
  readonly count?: boolean;
  readonly json?: boolean;
}

async function list(flags: Flags): Promise<void> {
  const { app } = await openApp(flags);
  const found = chosenLetters(app, flags, Date.now(), flags.after);
  if (flags.count) return count(found, flags);
  const shown: DeadLetterSummary[] = [];
  let more = false;
  try {
    for await (const letter of found) {
      more = shown.length === flags.limit;
      if (more) break;
      shown.push(letter);
    }
  } catch (error) {
    if (error instanceof RangeError) throw new UsageError(`--after: ${error.message}`);
    throw error;
  }
  if (flags.json) for (const letter of shown) printJson(withTimes(letter));
  else if (shown.length > 0)
    print(
      textTable(
        ['id', 'taken in', 'reason', 'detail', 'rule', 'bytes'],
        shown.map((one) => [one.id, isoTime(one.enqueuedTime), one.reason, one.detail, one.ruleId ?? '', one.length]),
        // An id must be whole to be of use.
        100,
      ),
    );
  note(shown.length === 1 ? '1 dead letter' : `${shown.length} dead letters`);
  if (more) note(`There are more: --after ${shown.at(-1)!.id}`);
}

async function count(found: AsyncIterable<DeadLetterSummary>, { json }: Flags): Promise<void> {
  const groups = new Map<string, { reason: string; rule: string; count: number; oldest: number; newest: number }>();
  let total = 0;
  for await (const { reason, ruleId = '', enqueuedTime } of found) {
    const key = `${reason} ${ruleId}`;
    const group = groups.get(key) ?? { reason, rule: ruleId, count: 0, oldest: enqueuedTime, newest: enqueuedTime };
    group.count++;
    group.oldest = Math.min(group.oldest, enqueuedTime);
    group.newest = Math.max(group.newest, enqueuedTime);
    groups.set(key, group);
    total++;
  }
  const rows = [...groups.values()].sort((a, b) => b.count - a.count);
  if (json) {
    const counts = rows.map((row) => ({ ...row, oldest: isoTime(row.oldest), newest: isoTime(row.newest) }));
    printJson({ total, counts });
    return;
  }
  if (rows.length > 0)
    print(
      textTable(
        ['reason', 'rule', 'count', 'oldest', 'newest'],
        rows.map((row) => [row.reason, row.rule, row.count, isoTime(row.oldest), isoTime(row.newest)]),
      ),
    );
  note(total === 1 ? '1 dead letter' : `${total} dead letters`);
}

export const withTimes = (letter: DeadLetterSummary) => ({
  ...letter,
  enqueuedTime: isoTime(letter.enqueuedTime),
  storedAt: isoTime(letter.storedAt),
});

function limit(text: string): number {
  const value = Number(text);
  if (Number.isInteger(value) && value >= 1 && value <= 100_000) return value;
  throw new InvalidArgumentError('must be a whole number from 1 to 100000.');
}

export function listCommand(): Command {
  const command = new Command('list')
    .description('Lists what could not be evaluated, the oldest day first.')
    .addOption(settingsOption());
  for (const option of choiceOptions()) command.addOption(option);
  return command
    .option('--limit <COUNT>', 'most to show', limit, 100)
    .option('--after <ID>', 'go on after this one')
    .option('--count', 'count them by reason and rule')
    .option('--json', 'print a JSON line each')
    .action(list);
}
