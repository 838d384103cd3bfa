import { Command, InvalidArgumentError } from 'commander';
import type { BoardFlags } from '../board/serve';

/** What it needs is loaded when it is wanted: no other verb waits for it. */
async function board(flags: BoardFlags): Promise<void> {
  const { serve } = await import('../board/serve');
  await serve(flags);
}

function port(text: string): number {
  const value = Number(text);
  if (Number.isInteger(value) && value >= 0 && value <= 65_535) return value;
  throw new InvalidArgumentError('must be a port, 0 for any free one.');
}

export const boardVerb = (): Command =>
  new Command('board')
    .description(
      'Serves the board of a deployed app on this machine: what the stream is doing, rules, alerts, dead letters.',
    )
    .option('--settings <FILE>', 'take settings from a local.settings.json instead of the environment')
    .option('--plans <FILE>', 'the plan file (default: the setting OUTRIDER_PLANS, or dist/plans.json)')
    .option('--rules <PATH...>', 'rule files and folders that events can be followed through (default: rules/)')
    .option('--port <PORT>', 'port on 127.0.0.1, 0 for any free one', port, 7072)
    .option('--write', 'dead letters can be sent again, by whoever gives the page the token that is printed')
    .option('--open', 'open it in the browser')
    .option('--json', 'print the address (and the token) as JSON')
    .addHelpText(
      'after',
      `
It listens on the loopback address alone and reads the storage account with your own identity (az login), which needs the role Storage
Table Data Reader, and Storage Blob Data Reader for long dead letters; with --write the two Contributor roles.

Examples:
  outrider board --settings local.settings.json --open
  OUTRIDER_STORAGE__tableServiceUri=https://ACCOUNT.table.core.windows.net \\
    OUTRIDER_STORAGE__blobServiceUri=https://ACCOUNT.blob.core.windows.net outrider board
  outrider board --write`,
    )
    .action(board);
