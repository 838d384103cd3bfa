import type { Pipeline } from '../kql/ir';
import { elements, type Node } from './kusto';
import type { Scope } from './scope';
import { emptyPlan } from './sources';
import type { Translation } from './translation';

/** `_GetWatchlist('name')`: the rows of rules/watchlists/name.csv, as they were when the rule was built. */
export function watchlist(t: Translation, node: Node, scope: Scope): Pipeline {
  const [first] = elements(node.ArgumentList.Expressions);
  const name = first ? t.scalar(first, scope) : undefined;
  const list = name?.k === 'lit' ? t.data.watchlist(String(name.v)) : undefined;
  if (!list) {
    const shown = name?.k === 'lit' ? `'${name.v}'` : '(its name must be a constant)';
    t.report('watchlist', `watchlist ${shown} is not known: put it at rules/watchlists/NAME.csv`, node, scope);
    return emptyPlan();
  }
  return { source: { kind: 'rows', columns: list.columns, rows: list.rows.map((row) => [...row]) }, ops: [] };
}
