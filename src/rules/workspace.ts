import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import type { Compiler, FunctionDeclaration } from '../compiler/compile';
import { readTables } from '../tables';
import type { CompiledRule } from './compile';
import { type CompileMany, compileAll } from './compile-all';
import type { CompileTask, Lists } from './compile-task';
import { findRules } from './find';
import { Ground } from './ground';
import { hasErrors, type Problem, sortProblems } from './problem';
import type { RuleFile } from './read';
import type { RuleCache } from './rule-cache';
import { readSettings, type SettingsFile } from './settings';
import { readWatchlists } from './watchlists';

export type { Lists } from './compile-task';

export interface WorkspaceOptions {
  /** Rule files and folders. */
  readonly rules: readonly string[];
  /** Folders of table schemas; later ones replace tables of earlier ones. */
  readonly tables: readonly string[];
  readonly hunting?: boolean;
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
 * Reads and compiles rules, with the saved functions (`functions/*.kql`), watchlists (`watchlists/*.csv`) and settings (`settings.yaml`)
 * of the folders they are in. Throws TableFileError for bad table schemas.
 */
export async function loadWorkspace(options: WorkspaceOptions): Promise<Workspace> {
  const { hunting, cache, lists, onProgress } = options;
  const found = await findRules(options.rules, { hunting, cache });
  const folders = options.rules.filter((path) => existsSync(join(path, '.')));
  const problems: Problem[] = [...found.problems];
  const functions = folders.flatMap((folder) => readFunctions(join(folder, 'functions'), problems));
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
    return { file: file.file, text: file.text, hunting, settings: own, settingsFile };
  });
  const compiled = await compileAll(tasks, ground, {
    files: found.files,
    cache,
    lists,
    onProgress,
    compileMany: options.compileMany,
  });
  const rules = found.files.map((file, i): WorkspaceRule => {
    const own = [...found.problems.filter((problem) => problem.file === file.file), ...compiled[i]!.problems];
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

/**
 * Saved functions, `NAME.kql`: either a whole declaration `(x:string = "a") { … }` or a body alone. Leading comment lines are allowed.
 */
function readFunctions(folder: string, problems: Problem[]): FunctionDeclaration[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .filter((name) => name.endsWith('.kql'))
    .sort()
    .map((name) => {
      const path = join(folder, name);
      const text = readFileSync(path, 'utf8')
        .replace(/^\uFEFF/, '')
        .replace(/^(\s*\/\/[^\n]*(\n|$))*/, '')
        .trim();
      if (text === '')
        problems.push({
          severity: 'error',
          code: 'empty-function',
          message: 'The saved function is empty.',
          file: path,
          line: 1,
          column: 1,
        });
      return { name: basename(name, '.kql'), ...declarationOf(text) };
    });
}

/** Splits `(parameters) { body }`; any other text is a body without parameters. */
export function declarationOf(text: string): { parameters: string; body: string } {
  if (text.startsWith('(')) {
    const end = closing(text);
    const rest = text.slice(end + 1).trim();
    if (end > 0 && rest.startsWith('{') && rest.endsWith('}'))
      return { parameters: text.slice(0, end + 1), body: rest };
  }
  return { parameters: '()', body: `{\n${text}\n}` };
}

function closing(text: string): number {
  let depth = 0;
  let quote = '';
  for (let i = 0; i < text.length; i++) {
    const c = text[i]!;
    if (quote !== '') {
      if (c === '\\') i++;
      else if (c === quote) quote = '';
    } else if (c === '"' || c === "'") quote = c;
    else if (c === '(') depth++;
    else if (c === ')' && --depth === 0) return i;
  }
  return -1;
}
