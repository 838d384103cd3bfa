import type { AlertRow } from '../../src/board/types';
import { count, isoTime, words } from '../lib/format';
import { visible } from '../lib/hostile';
import { href } from '../lib/router';
import { Data } from '../parts/data';
import { Severity } from '../parts/pills';
import { type TableColumn, VirtualTable } from '../parts/virtual-table';

const COLUMNS: readonly TableColumn<AlertRow>[] = [
  { key: 'severity', title: 'Severity', track: '6rem', cell: ({ severity }) => <Severity level={severity} /> },
  {
    key: 'name',
    title: 'Alert',
    track: 'minmax(9rem, 2fr)',
    cell: ({ ruleId, windowEnd, id, name, isWithdrawn, isIncomplete, revision }) => (
      <>
        <a class="whole" href={href('alerts', ruleId, windowEnd, id)} title={visible(name).slice(0, 300)}>
          <Data text={name} most={200} />
        </a>
        {isWithdrawn && <span class="mark">withdrawn</span>}
        {revision > 1 && !isWithdrawn && <span class="mark">revision {revision}</span>}
        {isIncomplete && <span class="mark">incomplete</span>}
      </>
    ),
  },
  {
    key: 'entity',
    title: 'Entity',
    track: 'minmax(6rem, 1fr)',
    wide: true,
    cell: ({ entity }) => <Data text={entity} most={120} />,
  },
  {
    key: 'tactics',
    title: 'Tactics',
    track: 'minmax(8rem, 1fr)',
    wide: true,
    cell: ({ tactics }) => tactics.map((tactic) => words(visible(tactic))).join(', '),
  },
  {
    key: 'start',
    title: 'First event',
    track: '13.5rem',
    wide: true,
    cell: ({ start }) => isoTime(visible(start)).slice(0, 23),
  },
  { key: 'results', title: 'Results', track: '5rem', align: 'end', wide: true, cell: ({ results }) => count(results) },
];

interface Props {
  readonly alerts: readonly AlertRow[];
  readonly label: string;
  readonly rowsShown?: number;
}

export const AlertList = ({ alerts, label, rowsShown = 10 }: Props) => (
  <VirtualTable
    label={label}
    rows={alerts}
    columns={COLUMNS}
    keyOf={({ ruleId, windowEnd, id }) => `${ruleId} ${windowEnd} ${id}`}
    rowsShown={rowsShown}
  />
);
