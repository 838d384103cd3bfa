import { convert, encodeValue, type Pipeline, watchlistReferenceId } from '../kql';
import { nearest } from '../spelling';
import { elements, kindOf, type Node } from './kusto';
import type { Scope } from './scope';
import { emptyPlan } from './sources';
import type { Translation } from './translation';

/**
 * `_GetWatchlist('alias')`: the rows of rules/watchlists/alias.csv, as they were when the rule was built.
 * https://learn.microsoft.com/azure/sentinel/watchlists-queries
 */
export function watchlist(t: Translation, node: Node, scope: Scope): Pipeline {
  const [first] = elements(node.ArgumentList.Expressions);
  const given = first && kindOf(first) === 'SimpleNamedExpression' ? first.Expression : first;
  const name = given ? t.scalar(given, scope) : undefined;
  if (name?.k !== 'lit') {
    t.report('watchlist', 'the alias of a watchlist must be a constant', node, scope);
    return emptyPlan();
  }
  const alias = String(name.v);
  const list = t.state.context.data.watchlists.get(alias);
  if (!list) {
    const near = nearest(alias, [...t.state.context.data.watchlists.keys()]);
    t.report(
      'watchlist',
      `watchlist '${alias}' is not known: put it at rules/watchlists/${alias}.csv.${near ? ` Did you mean '${near}'?` : ''}`,
      node,
      scope,
    );
    return emptyPlan();
  }
  const rows = list.rows.map((row) =>
    list.columns.map(({ type }, i) => encodeValue(convert(row[i] ?? '', 'string', type), type)),
  );
  if (list.isAbsent) return { source: { kind: 'rows', columns: list.columns, rows }, ops: [] };
  const id = watchlistReferenceId(alias);
  const { sha256 = '', fetchedAt = '' } = list;
  t.state.references.push({ id, watchlist: alias, sha256, rows: rows.length, fetchedAt });
  return { source: { kind: 'rows', columns: list.columns, rows, reference: id }, ops: [] };
}

/** `_GetWatchlistAlias`: the aliases of all watchlists. */
export const watchlistAliases = (t: Translation): Pipeline => ({
  source: {
    kind: 'rows',
    columns: [{ name: 'WatchlistAlias', type: 'string' }],
    rows: [...t.state.context.data.watchlists].flatMap(([alias, { isAbsent }]) => (isAbsent ? [] : [[alias]])),
  },
  ops: [],
});
