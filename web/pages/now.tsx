import type { NowView, WindowView } from '../../src/board/types';
import { AlertList } from '../alert/alert-list';
import { ago, count, plural, time } from '../lib/format';
import { now, readings } from '../lib/live';
import { href } from '../lib/router';
import { useShared } from '../lib/signal';
import { Data } from '../parts/data';
import { Empty, Panel } from '../parts/panel';
import { Partitions } from '../parts/partitions';
import { Status } from '../parts/pills';
import { RateChart, rateNow } from '../parts/rate';
import { type TableColumn, VirtualTable } from '../parts/virtual-table';

const STATES = { open: 'open', grace: 'late events', due: 'due', waiting: 'waits for partitions' } as const;

export function NowPage() {
  const view = useShared(now);
  if (!view) return <Empty>Waiting for the first reading …</Empty>;
  return (
    <>
      <h1 class="visually-hidden">Now</h1>
      <Figures view={view} />
      <div class="columns">
        <Panel title="Events per second" aside={<span class="muted">evaluated, UTC</span>}>
          <RateChart at={view.at} />
        </Panel>
        <Panel title="Health">
          <ul class="checks">
            {view.health.checks.map(({ name, status, detail }) => (
              <li key={name}>
                <Status status={status}>{name}</Status>
                <span>
                  <Data text={detail} />
                </span>
              </li>
            ))}
          </ul>
        </Panel>
      </div>
      <div class="columns">
        <Windows view={view} />
        <Panel title="Partitions">
          <Partitions partitions={view.partitions} />
        </Panel>
      </div>
      <Panel title="Latest alerts" aside={<a href={href('alerts')}>All alerts</a>}>
        {view.latest.length === 0 ? (
          <Empty>No alert yet.</Empty>
        ) : (
          <AlertList alerts={view.latest} label="Latest alerts" />
        )}
      </Panel>
    </>
  );
}

function Figures({ view }: { readonly view: NowView }) {
  const rate = rateNow(readings);
  const behind = view.partitions.reduce(
    (sum, { sequenceNumber, lastSequenceNumber }) =>
      sum + (lastSequenceNumber === undefined ? 0 : Math.max(0, lastSequenceNumber - sequenceNumber)),
    0,
  );
  const asked = view.partitions.some(({ lastSequenceNumber }) => lastSequenceNumber !== undefined);
  const evaluated = view.partitions.reduce((sum, { sequenceNumber }) => sum + sequenceNumber + 1, 0);
  return (
    <dl class="figures">
      <Figure
        name="Events / s"
        value={rate === undefined ? '–' : count(Math.round(rate))}
        note={`${count(evaluated)} evaluated`}
      />
      <Figure
        name="Behind the hub"
        value={asked ? count(behind) : '–'}
        note={asked ? plural(view.partitions.length, 'partition') : 'the hub was not asked'}
        tone={behind > 10_000 ? 'warn' : undefined}
      />
      <Figure
        name="Held"
        value={`${count(view.held.groups + view.held.rows)}${view.held.more ? '+' : ''}`}
        note={`${plural(view.held.groups, 'group')}, ${plural(view.held.rows, 'row')}`}
      />
      <Figure
        name="Rules"
        value={count(view.rules)}
        note={`${count(view.windows.length + view.moreWindows)} with a window`}
        to="rules"
      />
      <Figure
        name="Alerts"
        value={`${count(view.alerts.count)}${view.alerts.more ? '+' : ''}`}
        note="in force"
        to="alerts"
      />
      <Figure
        name="Dead letters"
        value={`${count(view.deadLetters.count)}${view.deadLetters.more ? '+' : ''}`}
        note="could not be evaluated"
        to="letters"
        tone={view.deadLetters.count > 0 ? 'warn' : undefined}
      />
    </dl>
  );
}

interface FigureProps {
  readonly name: string;
  readonly value: string;
  readonly note: string;
  readonly to?: string;
  readonly tone?: 'warn';
}

const Figure = ({ name, value, note, to, tone }: FigureProps) => (
  <div class={tone === undefined ? 'figure' : `figure ${tone}`}>
    <dt>{to === undefined ? name : <a href={href(to)}>{name}</a>}</dt>
    <dd>
      <strong>{value}</strong>
      <span class="muted">{note}</span>
    </dd>
  </div>
);

function Windows({ view }: { readonly view: NowView }) {
  const columns: TableColumn<WindowView>[] = [
    {
      key: 'rule',
      title: 'Rule',
      track: 'minmax(10rem, 1fr)',
      cell: ({ ruleId, ruleName }) => (
        <a class="whole" href={href('rules', ruleId)}>
          <Data text={ruleName} />
        </a>
      ),
    },
    { key: 'end', title: 'Ends', track: '12rem', wide: true, cell: ({ end }) => time(end) },
    {
      key: 'due',
      title: 'Runs',
      track: '6.5rem',
      cell: ({ dueAt }) => (dueAt === undefined ? 'next flush' : ago(dueAt, view.at)),
    },
    { key: 'state', title: 'State', track: '7rem', wide: true, cell: ({ state }) => STATES[state] },
    {
      key: 'held',
      title: 'Held',
      track: '5rem',
      align: 'end',
      cell: ({ held }) => (held === undefined ? '' : count(held.groups + held.rows)),
    },
  ];
  const more = view.moreWindows > 0 ? `and ${count(view.moreWindows)} more` : undefined;
  return (
    <Panel title="Windows, the next to close first" aside={more}>
      {view.windows.length === 0 ? (
        <Empty>No rule has a window yet: it begins with the first flush.</Empty>
      ) : (
        <VirtualTable
          label="Windows"
          rows={view.windows}
          columns={
            view.windows.some(({ dueAt }) => dueAt !== undefined)
              ? columns
              : columns.filter(({ key }) => key !== 'state')
          }
          keyOf={({ ruleId, end }) => `${ruleId} ${end}`}
          rowsShown={8}
        />
      )}
    </Panel>
  );
}
