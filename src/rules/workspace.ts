import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import {
  type Compiler,
  createCompiler,
  type FunctionDeclaration,
  type ListContent,
  type ListFault,
} from '../compiler/compile';
import { loadTables } from '../tables';
import { type CompiledRule, compileRule, queryProblems } from './compile';
import { findRules } from './find';
import { hasErrors, type Problem, sortProblems } from './problem';
import type { RuleFile } from './read';
import { readSettings, type SettingsFile } from './settings';
import { readWatchlists } from './watchlists';

export interface WorkspaceOptions {
  /** Rule files and folders. */
  readonly rules: readonly string[];
  /** Folders of table schemas; later ones replace tables of earlier ones. */
  readonly tables: readonly string[];
  readonly hunting?: boolean;
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
 * Reads and compiles rules, with the saved functions (`functions/*.kql`), watchlists (`watchlists/*.csv`) and settings (`settings.yaml`)
 * of the folders they are in. Throws TableFileError for bad table schemas.
 */
export async function loadWorkspace(options: WorkspaceOptions): Promise<Workspace> {
  const found = await findRules(options.rules, { hunting: options.hunting });
  const folders = options.rules.filter((path) => existsSync(join(path, '.')));
  const problems: Problem[] = [...found.problems];
  const functions = folders.flatMap((folder) => readFunctions(join(folder, 'functions'), problems));
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
    const own = [...found.problems.filter((problem) => problem.file === file.file), ...compiled.problems];
    return { ...compiled, file, problems: sortProblems(own), ...(hasErrors(own) ? { plan: undefined } : {}) };
  });
  problems.push(...settings.unusedEntries(found.files.flatMap((file) => (file.rule ? [file.rule] : []))));
  return { rules, problems: sortProblems(problems), compiler };
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
