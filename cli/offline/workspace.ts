import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Command } from 'commander';
import { loadWorkspace, type Workspace } from '../../src/rules/workspace';
import { UsageError } from '../io/output';
import { rulesFolder, tablesFolder } from '../io/paths';
import { FileLists } from './lists';

export interface ListFlags {
  readonly external?: readonly string[];
  readonly offline?: boolean;
  readonly allowHttp?: boolean;
  readonly cache?: string;
}

export interface WorkspaceFlags extends ListFlags {
  readonly tables?: string;
  readonly hunting?: boolean;
  readonly functions?: readonly string[];
}

/** Options of every verb that may read externaldata lists. */
export const listOptions = (command: Command): Command =>
  command
    .option('--external <URL=FILE...>', 'local file for an externaldata URL; nothing is fetched for it')
    .option('--offline', 'fetch nothing: externaldata lists are those of files and of earlier runs')
    .option('--allow-http', 'fetch externaldata lists over http too')
    .option('--cache <DIR>', 'folder for copies of externaldata lists', join('.outrider', 'lists'));

/** Options of every verb that compiles rules. */
export const workspaceOptions = (command: Command): Command =>
  listOptions(
    command
      .option('--tables <DIR>', 'folder of table schemas beside those that come with Outrider')
      .option(
        '--functions <DIR...>',
        'folders of saved functions beside functions/ of the rules: .kql, or YAML of ASIM parsers',
      ),
  ).option('--hunting', 'accept hunting queries: files without schedule and severity');

/** Loads rules; without paths those of the folder rules/. */
export async function openWorkspace(
  paths: readonly string[],
  flags: WorkspaceFlags,
  { orEmpty = false }: { /** Lists that cannot be had are empty, with a warning. */ readonly orEmpty?: boolean } = {},
): Promise<Workspace> {
  const rules = paths.length > 0 ? paths : [rulesFolder()];
  if (flags.tables !== undefined && !existsSync(flags.tables))
    throw new UsageError(`--tables: there is no folder ${flags.tables}`);
  for (const folder of flags.functions ?? [])
    if (!existsSync(folder)) throw new UsageError(`--functions: there is no folder ${folder}`);
  return loadWorkspace({
    rules,
    functions: flags.functions,
    tables: [tablesFolder(), ...(flags.tables ? [flags.tables] : [])],
    hunting: flags.hunting,
    lists: openLists(flags, orEmpty),
  });
}

/** Lists as the options say. Throws UsageError for a file that is not there. */
export function openLists(flags: ListFlags, orEmpty = false): FileLists {
  const files = new Map(
    (flags.external ?? []).map((pair): [string, string] => {
      const at = pair.lastIndexOf('=');
      const file = pair.slice(at + 1);
      if (at < 1 || !existsSync(file))
        throw new UsageError(`--external ${pair}: it must be URL=FILE, with a file that exists`);
      return [pair.slice(0, at), file];
    }),
  );
  return new FileLists({
    files,
    cache: flags.cache ?? join('.outrider', 'lists'),
    offline: flags.offline,
    allowHttp: flags.allowHttp,
    orEmpty,
  });
}
