import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { Command, InvalidArgumentError } from 'commander';
import { Board } from '../../src/board/board';
import { newToken } from '../../src/board/security';
import { serveBoard } from '../../src/board/server';
import { openBoardSource } from '../../src/host/board';
import { openAddress } from '../board/open-address';
import { ThreadWorkbench } from '../board/workbench';
import { note, print, UsageError } from '../io/output';
import { projectRoot, rulesFolder } from '../io/paths';
import { operatorConfig } from '../io/settings';

interface Flags {
  readonly settings?: string;
  readonly plans?: string;
  readonly rules?: readonly string[];
  readonly port: number;
  readonly write?: boolean;
  readonly open?: boolean;
  readonly json?: boolean;
}

async function board(flags: Flags): Promise<void> {
  const given = operatorConfig(flags.settings);
  const config = flags.plans === undefined ? given : { ...given, plans: flags.plans, hasDeployedPlans: false };
  const rules = flags.rules ?? [rulesFolder()];
  const missing = rules.find((path) => !existsSync(path));
  if (missing !== undefined && flags.rules) throw new UsageError(`--rules: there is no ${missing}`);
  const workbench = missing === undefined ? new ThreadWorkbench({ rules }) : undefined;
  const token = flags.write ? newToken() : undefined;
  const source = openBoardSource(config, {
    session: { host: 'remote', name: nameOf(config.storage), clock: config.clock },
    canResend: flags.write === true,
    ...(workbench ? { workbench } : {}),
  });
  const page = new Board({ source, folder: join(projectRoot(), 'dist', 'board'), token, isLive: true });
  const server = await serveBoard(page, flags.port);
  if (flags.json) print(JSON.stringify({ address: server.address, ...(token === undefined ? {} : { token }) }));
  else print(`Board: ${server.address}`);
  if (token !== undefined && !flags.json)
    note(`To send dead letters again, give the page this token: ${token}\nWhoever has it can write.`);
  note('Ctrl-C ends it.');
  if (flags.open) openAddress(server.address, note);
  await new Promise<void>((resolve) => {
    process.once('SIGINT', resolve);
    process.once('SIGTERM', resolve);
  });
  await workbench?.stop();
  await server.stop();
}

/** The account as it is called, without a key or a signature. */
function nameOf({ connectionString, tableServiceUri }: ReturnType<typeof operatorConfig>['storage']): string {
  const account = connectionString && /(?:^|;)AccountName=([a-z0-9]+)/i.exec(connectionString)?.[1];
  return account || (tableServiceUri ? new URL(tableServiceUri).hostname : 'storage');
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
