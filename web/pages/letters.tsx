import { useCallback, useEffect, useMemo, useState } from 'preact/hooks';
import type { LetterCounts, LetterRow, LettersView } from '../../src/board/types';
import { LetterPanel } from '../letters/letter-panel';
import { apiPath, get } from '../lib/api';
import { bytes, count, time } from '../lib/format';
import { visible } from '../lib/hostile';
import { href } from '../lib/router';
import { useLoad } from '../lib/use-load';
import { Data } from '../parts/data';
import { Empty, Fault, Panel } from '../parts/panel';
import { type TableColumn, VirtualTable } from '../parts/virtual-table';

const COLUMNS: readonly TableColumn<LetterRow>[] = [
  { key: 'time', title: 'Taken in', track: '10rem', cell: ({ enqueuedTime }) => time(enqueuedTime) },
  {
    key: 'reason',
    title: 'Reason',
    track: '8.5rem',
    cell: ({ id, reason }) => (
      <a class="whole" href={href('letters', id)}>
        {visible(reason)}
      </a>
    ),
  },
  {
    key: 'detail',
    title: 'Detail',
    track: 'minmax(10rem, 1fr)',
    wide: true,
    cell: ({ detail }) => <Data text={detail} most={300} />,
  },
  {
    key: 'rule',
    title: 'Rule',
    track: 'minmax(5rem, 10rem)',
    wide: true,
    cell: ({ ruleId }) => <Data text={ruleId ?? ''} most={80} />,
  },
  { key: 'size', title: 'Size', track: '5.5rem', align: 'end', wide: true, cell: ({ length }) => bytes(length) },
];

/** What could not be evaluated: by reason, and one by one. */
export function LettersPage({ id }: { readonly id: string | undefined }) {
  const counts = useLoad<LetterCounts>(apiPath('letter-counts'), 10_000);
  const [reason, setReason] = useState('');
  const { letters, isRead, next, error, more, reload } = useLetters();
  const shown = useMemo(() => letters.filter((one) => reason === '' || one.reason === reason), [letters, reason]);
  const reasons = useMemo(() => {
    const sums = new Map<string, number>();
    for (const { reason: name, count: n } of counts.data?.counts ?? []) sums.set(name, (sums.get(name) ?? 0) + n);
    return [...sums].sort(([, a], [, b]) => b - a);
  }, [counts.data]);
  const onResent = (): void => {
    counts.again();
    reload();
  };
  return (
    <>
      <div class="page-head">
        <h1>Dead letters</h1>
      </div>
      <Fault text={error ?? counts.error} />
      <ul class="reasons" aria-label="Reasons">
        {reasons.map(([name, sum]) => (
          <li key={name}>
            <button type="button" aria-pressed={reason === name} onClick={() => setReason(reason === name ? '' : name)}>
              {visible(name)} <b>{count(sum)}</b>
            </button>
          </li>
        ))}
      </ul>
      {id && <LetterPanel key={id} id={id} onResent={onResent} />}
      <Panel title="Letters" aside={isRead && `${count(shown.length)}${next ? '+' : ''}, the oldest day first`}>
        {shown.length === 0 ? (
          <Empty>
            {isRead
              ? reason === ''
                ? 'Nothing lies here: every event could be evaluated.'
                : 'None of this reason among those that were read.'
              : error === undefined
                ? 'Reading …'
                : 'They could not be read.'}
          </Empty>
        ) : (
          <VirtualTable
            label="Dead letters"
            rows={shown}
            columns={COLUMNS}
            keyOf={(one) => one.id}
            selected={id}
            rowsShown={16}
          />
        )}
        {next && (
          <button type="button" onClick={more}>
            Read more
          </button>
        )}
      </Panel>
    </>
  );
}

interface LettersState {
  readonly letters: readonly LetterRow[];
  readonly isRead: boolean;
  readonly next?: string;
  readonly error?: string;
}

function useLetters() {
  const [state, setState] = useState<LettersState>({ letters: [], isRead: false });
  const read = useCallback(async (after?: string) => {
    try {
      const path = `${apiPath('letters')}?limit=500${after === undefined ? '' : `&after=${encodeURIComponent(after)}`}`;
      const { letters, next } = await get<LettersView>(path);
      setState((old) => ({
        isRead: true,
        letters: after === undefined ? letters : [...old.letters, ...letters],
        ...(next ? { next } : {}),
      }));
    } catch (error) {
      setState((old) => ({ ...old, error: (error as Error).message }));
    }
  }, []);
  useEffect(() => void read(), [read]);
  return { ...state, more: () => void read(state.next), reload: () => void read() };
}
