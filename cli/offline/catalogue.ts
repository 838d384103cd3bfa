import { existsSync } from 'node:fs';
import { parse, resolve, sep } from 'node:path';
import type { Workspace, WorkspaceRule } from '../../src/rules/workspace';
import { didYouMean } from '../../src/spelling';
import { UsageError } from '../io/output';
import { rulesFolder } from '../io/paths';
import { openWorkspace, type WorkspaceFlags } from './workspace';

/** Whether a path is a folder or lies in it. */
const isWithin = (path: string, folder: string): boolean =>
  resolve(path) === resolve(folder) || resolve(path).startsWith(resolve(folder) + sep);

/** Loads rules that were named by path together with the catalogue that they belong to, none of them twice. */
export async function openCatalogue(
  named: readonly string[],
  catalogue: readonly string[] | undefined,
  flags: WorkspaceFlags,
): Promise<Workspace> {
  const folders = (catalogue ?? [rulesFolder()]).filter((path) => catalogue !== undefined || existsSync(path));
  const others = named.filter((path) => !folders.some((folder) => isWithin(path, folder)));
  return openWorkspace([...others, ...folders], flags);
}

/**
 * The rules that a name stands for: a file, all of a folder, or the one of this id, name or file name (with or without its extension).
 * @throws UsageError where there is none, or more than one of that name
 */
export function chosenRules({ rules }: Workspace, name: string): WorkspaceRule[] {
  if (existsSync(name)) {
    const found = rules.filter(({ file }) => isWithin(file.file, name));
    if (found.length === 0) throw new UsageError(`there is no rule in ${name}`);
    return found;
  }
  const same = (text: string | undefined): boolean => text?.toLowerCase() === name.trim().toLowerCase();
  const byName = rules.filter(({ file }) => same(file.rule?.id) || same(file.rule?.name));
  const fileOf = ({ file }: WorkspaceRule) => parse(file.file);
  const found = byName.length > 0 ? byName : rules.filter((rule) => same(fileOf(rule).name) || same(fileOf(rule).base));
  const [only] = found;
  if (found.length > 1)
    throw new UsageError(
      `${found.length} rules are called '${name}': give the id or the file (${found.map(({ file }) => file.file).join(', ')})`,
    );
  if (only) return [only];
  const names = rules.flatMap((rule) => [...(rule.file.rule ? [rule.file.rule.name] : []), fileOf(rule).name]);
  throw new UsageError(`there is no file and no rule '${name}'.${didYouMean(name, names)}`);
}
