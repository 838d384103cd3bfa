import { knownColumns } from './kusto';
import { Scope } from './scope';
import { emptyPlan } from './sources';
import type { Translation, UnionMember } from './translation';

/** What `search` and `find` look through that name no table, views in scope included; undefined where a query must name its tables. */
export function everyTable(t: Translation, scope: Scope): UnionMember[] | undefined {
  const { context } = t.state;
  if (!context.everyTable) return undefined;
  const tables = [...context.tables.values()].map(({ name, columns }) => ({
    plan: t.state.source(name),
    name,
    columns,
  }));
  return [...tables, ...scope.views().map((name) => viewLeg(t, name, scope))];
}

function viewLeg(t: Translation, name: string, scope: Scope): UnionMember {
  const binding = scope.find(name);
  if (binding?.kind !== 'function') return { plan: emptyPlan(), name, columns: [] };
  const { scope: outer, declaration } = binding;
  const plan = t.block(declaration.Body, new Scope(outer, outer.base, outer.calledAt))?.plan ?? emptyPlan();
  return { plan, name, columns: knownColumns(declaration.Body.Expression?.ResultType) };
}
