import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Compiler, createCompiler, type ListContent, type ListFault } from '../compiler/compile';
import { loadTables } from '../tables';
import { type CompiledRule, compileRule, queryProblems } from './compile';
import { findRules } from './find';
import { hasErrors, type Problem, sortProblems } from './problem';
import type { RuleFile } from './read';
import { readSavedFunctions } from './saved-functions';
import { readSettings, type SettingsFile } from './settings';
import { readWatchlists } from './watchlists';

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
}

/** Content of URLs, fetched when a rule turns out to need it. */
export interface Lists {
  /** undefined: not asked for yet. */
  get(url: string): ListContent | ListFault | undefined;
  /** Gets URLs that are not known yet; after it `get` has something for each of them. Does not reject for what a URL does. */
  load(urls: readonly string[]): Promise<void>;
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
  const found = await findRules(options.rules, { hunting: options.hunting });
  const folders = options.rules.filter((path) => existsSync(join(path, '.')));
  const problems: Problem[] = [...found.problems];
  const functionFolders = [...folders.map((folder) => join(folder, 'functions')), ...(options.functions ?? [])];
  const functions = readSavedFunctions(functionFolders, problems);
  const wanted = new Set<string>();
  const compiler = createCompiler([...loadTables(...options.tables).values()], functions, {
    external(url) {
      wanted.add(url);
      return options.lists?.get(url);
    },
    watchlists: readWatchlists(folders),
  });
  const settingsPath = folders.map((folder) => join(folder, 'settings.yaml')).find((path) => existsSync(path));
  const settings: SettingsFile = readSettings(
    settingsPath ? readFileSync(settingsPath, 'utf8') : '',
    settingsPath ?? 'settings.yaml',
  );
  problems.push(...settings.problems);
  const compile = (file: RuleFile): CompiledRule =>
    file.rule
      ? compileRule(compiler, file, settings.settingsFor(file.rule), settingsPath ?? 'settings.yaml')
      : { problems: queryProblems(compiler, file) };
  // Compiling shows which URLs a rule reads; rules that read some are compiled again when their content is there.
  const first = found.files.map((file) => {
    wanted.clear();
    const compiled = compile(file);
    return { file, compiled, urls: [...wanted] };
  });
  await options.lists?.load([...new Set(first.flatMap(({ urls }) => urls))]);
  const rules = first.map(({ file, compiled: before, urls }): WorkspaceRule => {
    const compiled = urls.length > 0 && options.lists ? compile(file) : before;
    problems.push(...compiled.problems);
    const own = [...file.problems, ...compiled.problems];
    return { ...compiled, file, problems: sortProblems(own), ...(hasErrors(own) ? { plan: undefined } : {}) };
  });
  problems.push(...settings.unusedEntries(found.files.flatMap((file) => (file.rule ? [file.rule] : []))));
  return { rules, problems: sortProblems(problems), compiler };
}
