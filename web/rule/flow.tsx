import type { FunnelResult } from '../../cli/explain/funnel';
import type { PageStage, RulePage } from '../../src/explain/page/page';
import { count } from '../lib/format';
import { visible } from '../lib/hostile';
import { Data } from '../parts/data';
import { countsOf, type StageCounts } from './counts';

interface Props {
  readonly page: RulePage;
  readonly funnel?: FunnelResult;
}

const RUNS: Readonly<Record<string, string>> = {
  arrival: 'on arrival',
  groups: 'group state',
  flush: 'at flush',
  window: 'by the window',
};

/** The stages of a rule from the source to its alerts, with the rows that came through each. */
export function Flow({ page, funnel }: Props) {
  const counts = funnel ? countsOf(funnel) : undefined;
  return (
    <div class="flow">
      <Stages stages={page.stages} counts={counts} />
      {funnel && (
        <div class="stage end">
          <div class="number">→</div>
          <div class="what">
            <b>alerts</b>
          </div>
          <div class="rows">{count(funnel.alerts)}</div>
        </div>
      )}
    </div>
  );
}

function Stages({ stages, counts }: { readonly stages: readonly PageStage[]; readonly counts?: StageCounts }) {
  return (
    <ol>
      {stages.map((stage) => (
        <li key={stage.number}>
          <Stage stage={stage} counts={counts} />
        </li>
      ))}
    </ol>
  );
}

function Stage({ stage, counts }: { readonly stage: PageStage; readonly counts?: StageCounts }) {
  const { number, kind, text, predicates, runs, inner } = stage;
  const place = runs[0] ?? 'arrival';
  const own = counts?.stages.get(number);
  return (
    <>
      <div class={`stage ${place}`}>
        <div class="number">{number}</div>
        <div class="what">
          <div class="kind">
            <b>{visible(kind)}</b> <span class="muted">{runs.map((run) => RUNS[run] ?? run).join(', ')}</span>
          </div>
          {predicates.length === 0 ? (
            <code>
              <Data text={text} lines />
            </code>
          ) : (
            <ul class="predicates">
              {predicates.map((predicate, i) => (
                <li key={i}>
                  <code>
                    <Data text={predicate} lines />
                  </code>
                  <PredicateRows at={counts?.predicates.get(predicates.length > 1 ? `${number}.${i + 1}` : number)} />
                </li>
              ))}
            </ul>
          )}
        </div>
        <div class="rows">{own !== undefined && <Share rows={own} of={counts!.most} />}</div>
      </div>
      {inner.map(({ title, stages }, i) => (
        <div class="inner" key={i}>
          <span class="muted">{title}</span>
          <Stages stages={stages} counts={counts} />
        </div>
      ))}
    </>
  );
}

function PredicateRows({ at }: { readonly at: { readonly reached: number; readonly passed: number } | undefined }) {
  if (!at) return null;
  const lost = at.reached - at.passed;
  return (
    <span class="passed">
      {count(at.passed)}
      {lost > 0 && <span class="lost"> −{count(lost)}</span>}
    </span>
  );
}

/** Rows, with a bar of how many they are of those that began. */
const Share = ({ rows, of }: { readonly rows: number; readonly of: number }) => (
  <>
    <span>{count(rows)}</span>
    <meter min={0} max={Math.max(1, of)} value={rows} aria-label={`${count(rows)} of ${count(of)}`} />
  </>
);
