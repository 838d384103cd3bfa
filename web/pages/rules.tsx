import { useCallback, useMemo, useState } from 'preact/hooks';
import type { RuleRow } from '../../src/board/types';
import { apiPath } from '../lib/api';
import { ago, count, duration, words } from '../lib/format';
import { visible } from '../lib/hostile';
import { now } from '../lib/live';
import { href } from '../lib/router';
import { useLoad } from '../lib/use-load';
import { Data } from '../parts/data';
import { Empty, Fault, Panel } from '../parts/panel';
import { Severity } from '../parts/pills';
import { matches, Search } from '../parts/search';
import { Sparkline } from '../parts/sparkline';
import { type TableColumn, VirtualTable } from '../parts/virtual-table';
import { useMarks } from '../rule/use-marks';

const at = (): number => now.value?.at ?? Date.now();

export function RulesPage() {
  const { data, error } = useLoad<{ rules: readonly RuleRow[] }>(apiPath('rules'), 5_000);
  const [text, setText] = useState('');
  const [inSight, setInSight] = useState<readonly string[]>([]);
  const marks = useMarks(inSight);
  const shown = useMemo(
    () =>
      (data?.rules ?? []).filter(({ name, id, severity, tactics, techniques, sources }) =>
        matches(text, name, id, severity, ...tactics, ...techniques, ...sources),
      ),
    [data, text],
  );
  const onSight = useCallback((rows: readonly RuleRow[]) => {
    const ids = rows.map(({ id }) => id);
    setInSight((old) => (old.join() === ids.join() ? old : ids));
  }, []);
  const columns: readonly TableColumn<RuleRow>[] = [
    { key: 'severity', title: 'Severity', track: '6rem', cell: ({ severity }) => <Severity level={severity} /> },
    {
      key: 'name',
      title: 'Rule',
      track: 'minmax(10rem, 2fr)',
      cell: ({ id, name, isEnabled, isShadow }) => (
        <>
          <a class="whole" href={href('rules', id)} title={visible(name)}>
            <Data text={name} most={200} />
          </a>
          {!isEnabled && <span class="mark">off</span>}
          {isShadow && <span class="mark">shadow</span>}
        </>
      ),
    },
    {
      key: 'tactics',
      title: 'Tactics',
      track: 'minmax(8rem, 1fr)',
      wide: true,
      cell: ({ tactics }) => tactics.map((tactic) => words(visible(tactic))).join(', '),
    },
    {
      key: 'schedule',
      title: 'Every / over',
      track: '6.5rem',
      wide: true,
      cell: ({ frequencyMs, periodMs }) => `${duration(frequencyMs)} / ${duration(periodMs)}`,
    },
    {
      key: 'last',
      title: 'Last window',
      track: '6.5rem',
      wide: true,
      cell: ({ lastWindow }) =>
        lastWindow === undefined ? <span class="muted">none yet</span> : ago(lastWindow, at()),
    },
    {
      key: 'held',
      title: 'Held',
      track: '3.5rem',
      align: 'end',
      wide: true,
      cell: ({ id }) => {
        const own = marks.get(id);
        return own ? count(own.panes.reduce((sum, { groups, rows }) => sum + groups + rows, 0)) : '';
      },
    },
    {
      key: 'spark',
      title: 'Matches by pane',
      track: '7.6rem',
      wide: true,
      cell: ({ id, name }) => (
        <Sparkline
          label={`Matches of ${visible(name)} by pane`}
          values={(marks.get(id)?.panes ?? []).map(({ matches: n }) => n)}
        />
      ),
    },
    {
      key: 'alerts',
      title: 'Alerts',
      track: '3.5rem',
      align: 'end',
      cell: ({ alerts }) => (alerts === 0 ? <span class="muted">0</span> : count(alerts)),
    },
    {
      key: 'lastAlert',
      title: 'Last alert',
      track: '6rem',
      wide: true,
      cell: ({ lastAlert }) => (lastAlert === undefined ? '' : ago(lastAlert, at())),
    },
  ];
  return (
    <>
      <div class="page-head">
        <h1>Rules</h1>
        <Search label="Search rules" text={text} onText={setText} />
      </div>
      <Fault text={error} />
      <Panel title="Deployed rules" aside={data && `${count(shown.length)} of ${count(data.rules.length)}`}>
        {shown.length === 0 ? (
          <Empty>{data ? 'No rule.' : 'Reading …'}</Empty>
        ) : (
          <VirtualTable
            label="Rules"
            rows={shown}
            columns={columns}
            keyOf={({ id }) => id}
            rowHeight={38}
            rowsShown={20}
            onSight={onSight}
          />
        )}
      </Panel>
    </>
  );
}
