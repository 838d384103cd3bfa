import { existsSync, readFileSync } from 'node:fs';
import type { Command } from 'commander';
import { loadWorkspace, type Workspace } from '../../src/rules/workspace';
import { UsageError } from './output';
import { rulesFolder, tablesFolder } from './paths';

export interface WorkspaceFlags {
  readonly tables?: string;
  readonly external?: readonly string[];
  readonly hunting?: boolean;
}

/** Options of every verb that compiles rules. */
export const workspaceOptions = (command: Command): Command =>
  command
    .option('--tables <DIR>', 'folder of table schemas beside those that come with Outrider')
    .option('--external <URL=FILE...>', 'local file for an externaldata URL')
    .option('--hunting', 'accept hunting queries: files without schedule and severity');

/** Loads rules; without paths those of the folder rules/. */
export async function openWorkspace(paths: readonly string[], flags: WorkspaceFlags): Promise<Workspace> {
  const rules = paths.length > 0 ? paths : [rulesFolder()];
  if (flags.tables !== undefined && !existsSync(flags.tables))
    throw new UsageError(`--tables: there is no folder ${flags.tables}`);
  const external = new Map(
    (flags.external ?? []).map((pair): [string, string] => {
      const at = pair.lastIndexOf('=');
      const file = pair.slice(at + 1);
      if (at < 1 || !existsSync(file))
        throw new UsageError(`--external ${pair}: it must be URL=FILE, with a file that exists`);
      return [pair.slice(0, at), readFileSync(file, 'utf8')];
    }),
  );
  return loadWorkspace({
    rules,
    tables: [tablesFolder(), ...(flags.tables ? [flags.tables] : [])],
    hunting: flags.hunting,
    external,
  });
}
