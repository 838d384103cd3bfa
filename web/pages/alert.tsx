import { useState } from 'preact/hooks';
import type { AlertView } from '../../src/board/types';
import { Entities } from '../alert/entities';
import type { AlertRecord } from '../alert/record';
import { Results } from '../alert/results';
import { Revisions } from '../alert/revisions';
import { apiPath } from '../lib/api';
import { isoTime, words } from '../lib/format';
import { visible } from '../lib/hostile';
import { href } from '../lib/router';
import { useLoad } from '../lib/use-load';
import { Data } from '../parts/data';
import { Empty, Fault, Panel } from '../parts/panel';
import { Severity, Techniques } from '../parts/pills';
import { RuleFlow } from '../rule/rule-flow';

interface Props {
  readonly ruleId: string;
  readonly end: string;
  readonly id: string;
}

const listed = (text: string): string[] => text.split(',').filter(Boolean);

/** One alert: what it found, what it is about, and how it came to be. */
export function AlertPage({ ruleId, end, id }: Props) {
  const { data, error } = useLoad<AlertView>(apiPath('alerts', ruleId, end, id), 5_000);
  const [chosen, setChosen] = useState<number>();
  const revisions = (data?.revisions ?? []) as unknown as readonly AlertRecord[];
  const last = revisions.at(-1);
  if (!last) return error ? <Fault text={error} /> : <Empty>Reading …</Empty>;
  const alert = revisions.find(({ Revision }) => Revision === chosen) ?? last;
  return (
    <>
      <p class="crumbs">
        <a href={href('alerts')}>Alerts</a>
      </p>
      <div class="page-head">
        <Severity level={alert.AlertSeverity} />
        <h1>
          <Data text={alert.AlertName} />
        </h1>
        {alert.Status === 'Withdrawn' && <span class="mark">withdrawn</span>}
        {alert.Incomplete && <span class="mark">incomplete</span>}
      </div>
      <Fault text={error} />
      <dl class="facts">
        <div>
          <dt>Rule</dt>
          <dd>
            <a href={href('rules', ruleId)}>
              <Data text={data?.ruleName ?? alert.AlertType} most={200} />
            </a>
          </dd>
        </div>
        <div>
          <dt>Events</dt>
          <dd>
            {isoTime(visible(alert.StartTime))} to {isoTime(visible(alert.EndTime))}
          </dd>
        </div>
        <div>
          <dt>Window</dt>
          <dd>
            {isoTime(visible(alert.WindowStart))} to {isoTime(visible(alert.WindowEnd))}
          </dd>
        </div>
        <div>
          <dt>ATT&amp;CK</dt>
          <dd>
            {listed(alert.Tactics).map(visible).map(words).join(', ')} <Techniques ids={listed(alert.Techniques)} />
          </dd>
        </div>
        <div>
          <dt>Alert</dt>
          <dd class="mono">
            <Data text={alert.SystemAlertId} />
          </dd>
        </div>
      </dl>
      {alert.Description !== '' && (
        <p class="description">
          <Data text={alert.Description} lines />
        </p>
      )}
      <Panel title={alert.Results.length === 1 ? 'Result' : `Results (${alert.Results.length})`}>
        <Results rows={alert.Results} />
      </Panel>
      <Panel title="Entities">
        <Entities entities={alert.Entities} details={alert.CustomDetails} />
      </Panel>
      <Panel title="Revisions" aside={<span class="muted">the same alert, corrected when more came to light</span>}>
        <Revisions revisions={revisions} chosen={alert.Revision} onChoose={setChosen} />
      </Panel>
      <Panel title="Why: the stages of the rule" aside={<a href={href('rules', ruleId)}>The whole rule</a>}>
        <RuleFlow ruleId={ruleId} />
      </Panel>
    </>
  );
}
