import { useState } from 'preact/hooks';
import type { NowView } from '../../src/board/types';
import { AlertList } from '../alert/alert-list';
import { count, plural } from '../lib/format';
import { link, now, readings } from '../lib/live';
import { href } from '../lib/router';
import { useShared } from '../lib/signal';
import { Data } from '../parts/data';
import { Empty, Fault, Panel } from '../parts/panel';
import { Partitions } from '../parts/partitions';
import { Status } from '../parts/pills';
import { RateChart, rateNow } from '../parts/rate';
import { Windows, windowKey } from '../parts/windows';
import { OpenWindow } from '../rule/open-window';

export function NowPage() {
  const view = useShared(now);
  const state = useShared(link);
  const [chosen, setChosen] = useState<string>();
  if (!view)
    return state === 'lost' ? (
      <Fault text="The board does not answer. It is asked again every few seconds." />
    ) : (
      <Empty>Waiting for the first reading …</Empty>
    );
  const open = view.windows.find((one) => windowKey(one) === chosen);
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
        <Windows view={view} chosen={chosen} onChoose={setChosen} />
        <Panel title="Partitions">
          <Partitions partitions={view.partitions} />
        </Panel>
      </div>
      {open && <OpenWindow {...open} />}
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
        name="Matches"
        value={`${count(view.held.matches)}${view.held.more ? '+' : ''}`}
        note={`${plural(view.held.groups, 'group')}, ${plural(view.held.rows, 'row')} held`}
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
