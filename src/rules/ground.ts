import type { FunctionDeclaration, TableDeclaration, Watchlist } from '../compiler/compile';
import type { TableFiles } from '../tables';
import { Compilation } from './compile-task';
import { fingerprint } from './rule-cache';

export interface GroundOptions {
  readonly tableFiles: TableFiles;
  readonly functions: readonly FunctionDeclaration[];
  readonly watchlists: ReadonlyMap<string, Watchlist>;
}

const WORD = /\w+/g;
/** A query with these may read what it does not name. */
const READS_UNNAMED = /\bunion\b[\s\S]*\*|\*[\s\S]*\bunion\b|\bsearch\b|\bfind\b|\btable\s*\(/i;

/** What the rules of a workspace are compiled against. Schemas are read, and the parser is loaded, when the first rule has to be compiled. */
export class Ground {
  private known: { tables?: readonly TableDeclaration[]; compilation?: Compilation } = {};

  constructor(private readonly options: GroundOptions) {}

  get functions(): readonly FunctionDeclaration[] {
    return this.options.functions;
  }

  get watchlists(): ReadonlyMap<string, Watchlist> {
    return this.options.watchlists;
  }

  /** Throws TableFileError. */
  get tables(): readonly TableDeclaration[] {
    this.known.tables ??= [...this.options.tableFiles.parse().values()];
    return this.known.tables;
  }

  get compilation(): Compilation {
    this.known.compilation ??= new Compilation(this);
    return this.known.compilation;
  }

  /** Tells apart all grounds on which texts (a query, exclusions) may be compiled to something else. */
  fingerprintFor(texts: readonly string[]): string {
    const { functions, all } = this.reached(texts);
    const lists = /watchlist/i.test(all) ? [...this.watchlists] : [];
    return fingerprint(this.options.tableFiles.fingerprint, functions, lists);
  }

  /** The saved functions that texts may call, through others too, and the text of all of them. */
  private reached(texts: readonly string[]): { functions: FunctionDeclaration[]; all: string } {
    let all = texts.join('\n');
    const reached = new Set<FunctionDeclaration>();
    for (let before = -1; before < reached.size; ) {
      before = reached.size;
      const words = new Set(all.match(WORD));
      const isOpen = READS_UNNAMED.test(all);
      for (const one of this.functions) {
        if (reached.has(one) || !(isOpen || !/^\w+$/.test(one.name) || words.has(one.name))) continue;
        reached.add(one);
        all += `\n${one.parameters}\n${one.body}`;
      }
    }
    return { functions: this.functions.filter((one) => reached.has(one)), all };
  }
}
