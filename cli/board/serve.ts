import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { Board } from '../../src/board/board';
import { newToken } from '../../src/board/security';
import { serveBoard } from '../../src/board/server';
import { openBoardSource } from '../../src/host/board';
import { messageOf } from '../../src/state/message';
import { note, print, UsageError } from '../io/output';
import { projectRoot, rulesFolder } from '../io/paths';
import { operatorConfig } from '../io/settings';
import { openAddress } from './open-address';
import { ThreadWorkbench } from './workbench';

export interface BoardFlags {
  readonly settings?: string;
  readonly plans?: string;
  readonly rules?: readonly string[];
  readonly port: number;
  readonly write?: boolean;
  readonly open?: boolean;
  readonly json?: boolean;
}

/** Serves the board of an app until it is interrupted. Throws UsageError, ConfigError, and Error where the port is taken. */
export async function serve(flags: BoardFlags): Promise<void> {
  const given = operatorConfig(flags.settings);
  const config = flags.plans === undefined ? given : { ...given, plans: flags.plans, hasDeployedPlans: false };
  const rules = flags.rules ?? [rulesFolder()];
  const missing = rules.find((path) => !existsSync(path));
  if (missing !== undefined && flags.rules) throw new UsageError(`--rules: there is no ${missing}`);
  const workbench = missing === undefined ? new ThreadWorkbench({ rules }) : undefined;
  const token = flags.write ? newToken() : undefined;
  const source = openBoardSource(config, {
    session: { host: 'remote', name: nameOf(config.storage), mode: config.mode },
    canResend: flags.write === true,
    ...(workbench ? { workbench } : {}),
  });
  const onError = (error: unknown, path: string): void => note(`the board failed on ${path}: ${messageOf(error)}`);
  const page = new Board({ source, folder: join(projectRoot(), 'dist', 'board'), token, isLive: true, onError });
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
