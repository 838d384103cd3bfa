import { useMemo, useState } from 'preact/hooks';
import type { AlertsView } from '../../src/board/types';
import { AlertList } from '../alert/alert-list';
import { Timeline } from '../alert/timeline';
import { apiPath } from '../lib/api';
import { count } from '../lib/format';
import { useLoad } from '../lib/use-load';
import { Empty, Fault, Panel } from '../parts/panel';
import { matches, Search } from '../parts/search';

const LEVELS = ['High', 'Medium', 'Low', 'Informational'];

export function AlertsPage({ ruleId }: { readonly ruleId: string | undefined }) {
  const path = `${apiPath('alerts')}?limit=2000${ruleId ? `&rule=${encodeURIComponent(ruleId)}` : ''}`;
  const { data, error } = useLoad<AlertsView>(path, 5_000);
  const [text, setText] = useState('');
  const [level, setLevel] = useState('');
  const shown = useMemo(
    () =>
      (data?.alerts ?? []).filter(
        (alert) =>
          (level === '' || alert.severity === level) &&
          matches(text, alert.name, alert.entity, alert.ruleId, ...alert.tactics, ...alert.techniques),
      ),
    [data, text, level],
  );
  return (
    <>
      <div class="page-head">
        <h1>Alerts</h1>
        <Search label="Search alerts" text={text} onText={setText} />
        <label class="inline">
          Severity
          <select value={level} onChange={(event) => setLevel(event.currentTarget.value)}>
            <option value="">all</option>
            {LEVELS.map((one) => (
              <option key={one}>{one}</option>
            ))}
          </select>
        </label>
      </div>
      <Fault text={error} />
      <Panel title="Timeline" aside={<span class="muted">by the end of their windows</span>}>
        {shown.length === 0 ? <Empty>Nothing to draw.</Empty> : <Timeline alerts={shown} />}
      </Panel>
      <Panel title="Alerts" aside={data && `${count(shown.length)} of ${count(data.count)}${data.more ? '+' : ''}`}>
        {shown.length === 0 ? (
          <Empty>{data ? 'No alert.' : 'Reading …'}</Empty>
        ) : (
          <AlertList alerts={shown} label="Alerts" rowsShown={18} />
        )}
      </Panel>
    </>
  );
}
