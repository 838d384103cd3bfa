import type { NowView, WindowView } from '../../src/board/types';
import { ago, count, time } from '../lib/format';
import { visible } from '../lib/hostile';
import { href } from '../lib/router';
import { Data } from './data';
import { Empty, Panel } from './panel';
import { type TableColumn, VirtualTable } from './virtual-table';

const STATES = { open: 'open', grace: 'late events', due: 'due', waiting: 'waits for partitions' } as const;

export const windowKey = ({ ruleId, end }: WindowView): string => `${ruleId} ${end}`;

interface Props {
  readonly view: NowView;
  /** The key of the window whose groups are shown. */
  readonly chosen: string | undefined;
  readonly onChoose: (key: string | undefined) => void;
}

/** The windows that are open, the next to close first, with what they hold. */
export function Windows({ view, chosen, onChoose }: Props) {
  const columns: TableColumn<WindowView>[] = [
    {
      key: 'rule',
      title: 'Rule',
      track: 'minmax(8rem, 1fr)',
      cell: ({ ruleId, ruleName }) => (
        <a class="whole" href={href('rules', ruleId)} title={visible(ruleName)}>
          <Data text={ruleName} most={200} />
        </a>
      ),
    },
    { key: 'end', title: 'Ends', track: '11.5rem', wide: true, cell: ({ end }) => time(end) },
    {
      key: 'due',
      title: 'Runs',
      track: '6rem',
      cell: ({ dueAt }) => (dueAt === undefined ? 'next flush' : ago(dueAt, view.at)),
    },
    { key: 'state', title: 'State', track: '6.5rem', wide: true, cell: ({ state }) => STATES[state] },
    {
      key: 'matches',
      title: 'Matches',
      track: '5rem',
      align: 'end',
      wide: true,
      cell: ({ held }) => (held === undefined ? '' : count(held.matches)),
    },
    {
      key: 'held',
      title: 'Held',
      track: '5rem',
      align: 'end',
      cell: (one) => {
        const { held, ruleName } = one;
        if (held === undefined) return '';
        const key = windowKey(one);
        const sum = held.groups + held.rows;
        return (
          <button
            type="button"
            class="cell"
            aria-pressed={key === chosen}
            aria-label={`${count(sum)} held: what ${visible(ruleName)} holds`}
            onClick={() => onChoose(key === chosen ? undefined : key)}
          >
            {count(sum)}
          </button>
        );
      },
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
          keyOf={windowKey}
          selected={chosen}
          rowsShown={8}
        />
      )}
    </Panel>
  );
}
