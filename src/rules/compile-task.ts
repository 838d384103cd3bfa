import {
  type Compiler,
  createCompiler,
  type FunctionDeclaration,
  type ListContent,
  type ListFault,
  type TableDeclaration,
  type Watchlist,
} from '../compiler/compile';
import type { RuleSettings } from '../plan/rule-settings';
import { type CompiledRule, compileRule, queryProblems } from './compile';
import type { RuleFile } from './read';

/** A rule to compile, as plain data: it may go to another thread. */
export interface CompileTask {
  readonly file: string;
  /** All of the file. */
  readonly text: string;
  /** Which rule of the file it is. */
  readonly index: number;
  readonly hunting?: boolean;
  /** Absent where the file has errors of its own: only the problems of its query are looked for. */
  readonly settings?: RuleSettings;
  /** Where exclusions were written, for their problems. */
  readonly settingsFile: string;
  /** URLs of lists that the query is known to read. */
  readonly urls?: readonly string[];
}

export interface CompileOutcome {
  readonly compiled: CompiledRule;
  /** URLs of lists that the query reads. */
  readonly urls: readonly string[];
}

/** Content of URLs, fetched when a rule turns out to need it. */
export interface Lists {
  /** undefined: not asked for yet. */
  get(url: string): ListContent | ListFault | undefined;
  /** Gets URLs that are not known yet; after it `get` has something for each of them. Does not reject for what a URL does. */
  load(urls: readonly string[]): Promise<void>;
}

/** What queries are compiled against. */
export interface GroundData {
  readonly tables: readonly TableDeclaration[];
  readonly functions: readonly FunctionDeclaration[];
  readonly watchlists: ReadonlyMap<string, Watchlist>;
}

/** Compiles rules one after another against one ground. */
export class Compilation {
  private readonly compiler: Compiler;
  private readonly wanted = new Set<string>();
  private lists: Pick<Lists, 'get'> | undefined;

  constructor({ tables, functions, watchlists }: GroundData) {
    this.compiler = createCompiler(tables, functions, {
      external: (url) => {
        this.wanted.add(url);
        return this.lists?.get(url);
      },
      watchlists,
    });
  }

  /** The compiler itself, for queries that are no rules. */
  compilerWith(lists: Pick<Lists, 'get'> | undefined): Compiler {
    this.lists = lists;
    return this.compiler;
  }

  compile(
    file: RuleFile,
    { settings, settingsFile }: CompileTask,
    lists: Pick<Lists, 'get'> | undefined,
  ): CompileOutcome {
    this.wanted.clear();
    this.lists = lists;
    const compiled =
      file.rule && settings
        ? compileRule(this.compiler, file, settings, settingsFile)
        : { problems: queryProblems(this.compiler, file) };
    return { compiled, urls: [...this.wanted] };
  }
}
