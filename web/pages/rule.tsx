import { useState } from 'preact/hooks';
import type { FunnelResult } from '../../cli/explain/funnel';
import type { RuleView } from '../../src/board/types';
import type { RulePage as Page } from '../../src/explain/page/page';
import { apiPath, type EventInput, inputName, postWithEvents } from '../lib/api';
import { ago, duration, plural, time, words } from '../lib/format';
import { visible } from '../lib/hostile';
import { session } from '../lib/live';
import { href } from '../lib/router';
import { useShared } from '../lib/signal';
import { useLoad } from '../lib/use-load';
import { Data } from '../parts/data';
import { Drop } from '../parts/drop';
import { Empty, Fault, Panel } from '../parts/panel';
import { Severity, Techniques } from '../parts/pills';
import { QueryText } from '../parts/query-text';
import { RuleDetails } from '../rule/details';
import { Flow } from '../rule/flow';
import { Misses } from '../rule/misses';
import { OpenWindow } from '../rule/open-window';

/** A rule: what it looks for, what it holds now, and what becomes of events in it. */
export function RulePage({ id }: { readonly id: string }) {
  const { data, error } = useLoad<RuleView>(apiPath('rules', id), 5_000);
  const about = useShared(session);
  const [funnel, setFunnel] = useState<{ file?: string; result?: FunnelResult; fault?: string; busy?: boolean }>({});
  if (!data) return error ? <Fault text={error} /> : <Empty>Reading …</Empty>;
  const { row, window: open, query, description, isOtherVersion } = data;
  const page = data.page as Page | undefined;
  const followEvents = async (input: EventInput): Promise<void> => {
    const name = inputName(input);
    setFunnel({ file: name, busy: true });
    try {
      setFunnel({ file: name, result: await postWithEvents<FunnelResult>(apiPath('funnel', id), {}, input) });
    } catch (fault) {
      setFunnel({ file: name, fault: (fault as Error).message });
    }
  };
  return (
    <>
      <p class="crumbs">
        <a href={href('rules')}>Rules</a>
      </p>
      <div class="page-head">
        <Severity level={row.severity} />
        <h1>
          <Data text={row.name} />
        </h1>
        {row.version && <span class="muted">version {visible(row.version)}</span>}
        {about?.hasWorkbench && (
          <a class="button" href={href('try', id)}>
            Try its query
          </a>
        )}
      </div>
      <dl class="facts">
        <div>
          <dt>Runs</dt>
          <dd>
            every {duration(row.frequencyMs)} over {duration(row.periodMs)}
          </dd>
        </div>
        <div>
          <dt>Reads</dt>
          <dd>{row.sources.map(visible).join(', ')}</dd>
        </div>
        <div>
          <dt>ATT&amp;CK</dt>
          <dd>
            {row.tactics.map(visible).map(words).join(', ')} <Techniques ids={row.techniques} />
          </dd>
        </div>
        <div>
          <dt>Last window</dt>
          <dd>{row.lastWindow === undefined ? 'none yet' : time(row.lastWindow)}</dd>
        </div>
        <div>
          <dt>Alerts</dt>
          <dd>
            {row.alerts === 0 ? 'none' : <a href={href('alerts', id)}>{plural(row.alerts, 'alert')}</a>}
            {row.lastAlert !== undefined && ` (last ${ago(row.lastAlert, Date.now())})`}
          </dd>
        </div>
      </dl>
      {description !== '' && (
        <p class="description">
          <Data text={description} lines />
        </p>
      )}
      {isOtherVersion && (
        <p class="note">
          The rule that runs is another version than the one whose stages are shown: build and deploy agree no more.
        </p>
      )}
      <Panel
        title="Flow"
        aside={
          funnel.result && (
            <span class="muted">rows after each stage, of {plural(funnel.result.records, 'record')}</span>
          )
        }
      >
        {about?.hasWorkbench && (
          <Drop busy={funnel.busy === true} chosen={funnel.file} onChoose={(input) => void followEvents(input)} />
        )}
        {funnel.busy && <p role="status">Following events through the rule …</p>}
        <Fault text={funnel.fault} />
        {page ? <Flow page={page} funnel={funnel.result} /> : <QueryText text={query} />}
      </Panel>
      {funnel.result && <Misses funnel={funnel.result} />}
      {open && <OpenWindow ruleId={id} end={open.end} start={open.start} dueAt={open.dueAt} />}
      {page && <RuleDetails page={page} />}
      {page && (
        <Panel title="Query">
          <QueryText text={query} />
        </Panel>
      )}
    </>
  );
}
