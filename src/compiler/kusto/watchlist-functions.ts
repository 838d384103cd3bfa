import type { FunctionDeclaration } from './declarations';

/** Functions of every Sentinel workspace; the alias, a constant, picks the table whose columns the call has. */
export const WATCHLIST_FUNCTIONS: readonly FunctionDeclaration[] = [
  {
    name: '_GetWatchlist',
    parameters: '(watchlistAlias:string)',
    body: "{ database('watchlists').table(watchlistAlias) }",
  },
  { name: '_GetWatchlistAlias', parameters: '()', body: '{ datatable(WatchlistAlias:string)[] }' },
];
