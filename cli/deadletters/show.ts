import { Command } from 'commander';
import { printable } from '../../src/alerts/print';
import { foundProblems, note, print, printJson } from '../io/output';
import { type AppFlags, isoTime, openApp, settingsOption } from './app';
import { withTimes } from './list';

interface Flags extends AppFlags {
  readonly raw?: boolean;
  readonly json?: boolean;
}

/** Characters of a body, and of one of its lines, shown for reading. */
const MOST_SHOWN = 20_000;

async function show(id: string, flags: Flags): Promise<void> {
  const { app } = await openApp(flags);
  const letter = await app.letters.get(id);
  if (!letter) {
    note(`there is no dead letter ${printable(id)} (any more)`);
    return foundProblems();
  }
  const { body, parts: _parts, ...summary } = letter;
  if (flags.raw) {
    process.stdout.write(body);
    return;
  }
  if (flags.json) {
    const value = typeof body === 'string' ? { body } : { bodyBase64: Buffer.from(body).toString('base64') };
    printJson({ ...withTimes(summary), ...value });
    return;
  }
  const field = (name: string, value: string): void => print(`${name.padEnd(10)} ${printable(value, 2_000)}`);
  field('id', summary.id);
  field('reason', summary.reason);
  field('detail', summary.detail);
  if (summary.ruleId !== undefined) field('rule', summary.ruleId);
  const made = summary.incarnation === undefined ? '' : ` (made ${summary.incarnation})`;
  field('source', `${summary.source}${made}, partition ${summary.partition}`);
  field('position', `message ${summary.sequenceNumber}, record ${summary.record}`);
  field('taken in', isoTime(summary.enqueuedTime));
  field('stored', isoTime(summary.storedAt));
  field('bytes', String(summary.length));
  if (summary.recordCount !== undefined)
    field('note', `this stands for ${summary.recordCount} records of the message; its others have been evaluated`);
  else if (summary.isWholeMessage) field('note', 'this is a whole message; its other records have been evaluated');
  print('');
  const text = typeof body === 'string' ? body : Buffer.from(body).toString('utf8');
  for (const line of text.slice(0, MOST_SHOWN).split('\n')) print(printable(line, MOST_SHOWN * 10));
  if (text.length > MOST_SHOWN) note(`… ${text.length - MOST_SHOWN} characters more: --raw gives all`);
}

export const showCommand = (): Command =>
  new Command('show')
    .description('Shows a dead letter with its record.')
    .argument('<ID>', 'its id, from the list')
    .addOption(settingsOption())
    .option('--raw', 'the record alone, byte for byte: control characters of it act on a terminal')
    .option('--json', 'print it as JSON')
    .action(show);
