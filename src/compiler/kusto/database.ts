import type { Column } from '../../kql';
import type { FunctionDeclaration, TableDeclaration } from './declarations';
import { type GlobalState, load, type TableSymbol } from './library';
import { WATCHLIST_FUNCTIONS } from './watchlist-functions';

declare const databaseBrand: unique symbol;
/** Tables and functions that queries are bound against. */
export interface Database {
  readonly [databaseBrand]: true;
}

export const globalsOf = (database: Database): GlobalState => database as unknown as GlobalState;

/** What queries are bound against, with what the binder has worked out of it: make it once and keep it. */
export function createDatabase(
  tables: readonly TableDeclaration[],
  functions: readonly FunctionDeclaration[] = [],
  watchlists: ReadonlyMap<string, { readonly columns: readonly Column[] }> = new Map(),
): Database {
  const { library } = load();
  const { FunctionSymbol, DatabaseSymbol, ClusterSymbol } = library.Symbols;
  const own = new Set(functions.map(({ name }) => name));
  const workspace = new DatabaseSymbol.ctor('workspace', [
    ...tables.map(tableSymbol),
    ...[...functions, ...WATCHLIST_FUNCTIONS.filter(({ name }) => !own.has(name))].map(
      (f) => new FunctionSymbol.$ctor16(f.name, f.parameters, f.body, ''),
    ),
  ]);
  const lists = new DatabaseSymbol.ctor(
    'watchlists',
    [...watchlists].map(([name, { columns }]) => tableSymbol({ name, columns })),
  );
  const globals = library.GlobalState.Default;
  return globals
    .WithParseOptions(globals.ParseOptions.WithAlwaysProduceEndTokens(true))
    .WithCluster(new ClusterSymbol.ctor('sentinel', [workspace, lists]))
    .WithDatabase(workspace)
    .WithCache() as unknown as Database;
}

/** Made of symbols and not of the text of a schema, which the parser would take most of a second for, over all tables. */
function tableSymbol({ name, columns, open }: TableDeclaration): TableSymbol {
  const { ColumnSymbol, ScalarTypes, TableSymbol } = load().library.Symbols;
  // Of columns of one name the first counts.
  const byName = new Map([...columns].reverse().map((column) => [column.name, column]));
  const symbols = columns
    .filter((column) => byName.get(column.name) === column)
    .map((column) => new ColumnSymbol(column.name, ScalarTypes.GetSymbol(column.type)));
  return new TableSymbol.$ctor4(name, symbols).WithIsOpen(open === true);
}
