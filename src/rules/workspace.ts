import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Compiler } from '../compiler/compile';
import { readTables } from '../tables';
import type { CompiledRule } from './compile';
import { type CompileMany, compileAll } from './compile-all';
import type { CompileTask, Lists } from './compile-task';
import { findRules } from './find';
import { Ground } from './ground';
import { hasErrors, type Problem, sortProblems } from './problem';
import type { RuleFile } from './read';
import type { RuleCache } from './rule-cache';
import { readSavedFunctions } from './saved-functions';
import { readSettings, type SettingsFile } from './settings';
import { readWatchlists } from './watchlists';

export type { Lists } from './compile-task';

export interface WorkspaceOptions {
  /** Rule files and folders. */
  readonly rules: readonly string[];
  /** Folders of table schemas; later ones replace tables of earlier ones. */
  readonly tables: readonly string[];
  readonly hunting?: boolean;
  /** Folders of saved functions beside those of the rule folders. */
  readonly functions?: readonly string[];
  /** Content of `externaldata` URLs; absent: none can be had. */
  readonly lists?: Lists;
  /** What was worked out of rules before. Absent: everything is worked out anew. */
  readonly cache?: RuleCache;
  /** Compiles many rules, on several threads say. Absent: one after another, here. */
  readonly compileMany?: CompileMany;
  /** Told how many rules have been compiled, of how many that have to be. */
  readonly onProgress?: (done: number, of: number) => void;
}

export interface WorkspaceRule extends CompiledRule {
  readonly file: RuleFile;
  /** Problems of the file and of its query. */
  readonly problems: readonly Problem[];
}

/** Rules with everything they are compiled against. */
export interface Workspace {
  readonly rules: readonly WorkspaceRule[];
  /** Every problem of every file, by position. */
  readonly problems: readonly Problem[];
  readonly compiler: Compiler;
}

/**
 * Reads and compiles rules, with the saved functions (`functions/`), watchlists (`watchlists/*.csv`) and settings (`settings.yaml`)
 * of the folders they are in. Throws TableFileError for bad table schemas.
 */
export async function loadWorkspace(options: WorkspaceOptions): Promise<Workspace> {
  const { hunting, cache, lists, onProgress } = options;
  const found = await findRules(options.rules, { hunting, cache });
  const folders = options.rules.filter((path) => existsSync(join(path, '.')));
  const problems: Problem[] = [...found.problems];
  const functionFolders = [...folders.map((folder) => join(folder, 'functions')), ...(options.functions ?? [])];
  const functions = readSavedFunctions(functionFolders, problems);
  const ground = new Ground({
    tableFiles: readTables(...options.tables),
    functions,
    watchlists: readWatchlists(folders),
  });
  const settingsPath = folders.map((folder) => join(folder, 'settings.yaml')).find((path) => existsSync(path));
  const settingsFile = settingsPath ?? 'settings.yaml';
  const settings: SettingsFile = readSettings(settingsPath ? readFileSync(settingsPath, 'utf8') : '', settingsFile);
  problems.push(...settings.problems);
  const tasks = found.files.map((file): CompileTask => {
    const own = file.rule && settings.settingsFor(file.rule);
    return { file: file.file, text: file.text, index: file.index, hunting, settings: own, settingsFile };
  });
  const compiled = await compileAll(tasks, ground, {
    files: found.files,
    cache,
    lists,
    onProgress,
    compileMany: options.compileMany,
  });
  const rules = found.files.map((file, i): WorkspaceRule => {
    const own = [...file.problems, ...compiled[i]!.problems];
    problems.push(...compiled[i]!.problems);
    return { ...compiled[i]!, file, problems: sortProblems(own), ...(hasErrors(own) ? { plan: undefined } : {}) };
  });
  problems.push(...settings.unusedEntries(found.files.flatMap((file) => (file.rule ? [file.rule] : []))));
  return {
    rules,
    problems: sortProblems(problems),
    get compiler() {
      return ground.compilation.compilerWith(lists);
    },
  };
}
