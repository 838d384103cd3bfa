import type { AlertsView, RuleRow } from '../../src/board/types';
import { type Cell, matrixOf, techniqueName } from '../alert/matrix';
import { apiPath } from '../lib/api';
import { plural } from '../lib/format';
import { visible } from '../lib/hostile';
import { href } from '../lib/router';
import { useLoad } from '../lib/use-load';
import { Empty, Fault } from '../parts/panel';

/** The techniques that rules look for, by tactic, coloured by the alerts that there are. */
export function AttackPage() {
  const rules = useLoad<{ rules: readonly RuleRow[] }>(apiPath('rules'), 10_000);
  const alerts = useLoad<AlertsView>(`${apiPath('alerts')}?limit=2000`, 10_000);
  const columns = matrixOf(rules.data?.rules ?? [], alerts.data?.alerts ?? []);
  const covered = columns.filter(({ cells }) => cells.length > 0);
  return (
    <>
      <div class="page-head">
        <h1>ATT&amp;CK</h1>
        <span class="legend" aria-hidden="true">
          <i class="heat none" /> covered <i class="heat few" /> alerts <i class="heat many" /> many
        </span>
      </div>
      <Fault text={rules.error ?? alerts.error} />
      {rules.data ? (
        <>
          <p class="muted">
            {covered.length} of {plural(columns.length, 'tactic')} and{' '}
            {plural(new Set(covered.flatMap(({ cells }) => cells.map(({ technique }) => technique))).size, 'technique')}{' '}
            covered by {plural(rules.data.rules.length, 'rule')}.
          </p>
          <div class="matrix">
            {columns.map(({ tactic, cells }) => (
              <section key={tactic} aria-label={tactic}>
                <h2>{tactic}</h2>
                {cells.length === 0 ? (
                  <p class="gap">no rule</p>
                ) : (
                  <ul>
                    {cells.map((cell) => (
                      <TechniqueCell key={cell.technique} cell={cell} />
                    ))}
                  </ul>
                )}
              </section>
            ))}
          </div>
        </>
      ) : (
        !rules.error && <Empty>Reading …</Empty>
      )}
    </>
  );
}

function TechniqueCell({ cell: { technique, rules, alerts } }: { readonly cell: Cell }) {
  const name = techniqueName(technique);
  const heat = alerts === 0 ? 'none' : alerts < 10 ? 'few' : 'many';
  return (
    <li class={`heat ${heat}`}>
      <b>{technique === '' ? 'no technique' : visible(technique)}</b>
      {name !== undefined && <span class="name">{name}</span>}
      <span>{alerts === 0 ? 'no alert' : plural(alerts, 'alert')}</span>
      <details>
        <summary>{plural(rules.length, 'rule')}</summary>
        <ul>
          {rules.map(({ id, name }) => (
            <li key={id}>
              <a href={href('rules', id)}>{visible(name)}</a>
            </li>
          ))}
        </ul>
      </details>
    </li>
  );
}
