import { useEffect, useRef, useState } from 'preact/hooks';
import type { CheckView, RuleView, RunView } from '../../src/board/types';
import { apiPath, type EventInput, get, inputName, postWithEvents } from '../lib/api';
import { count, plural } from '../lib/format';
import { visible } from '../lib/hostile';
import { session } from '../lib/live';
import { useShared } from '../lib/signal';
import { Data } from '../parts/data';
import { Drop } from '../parts/drop';
import { Empty, Fault, Panel } from '../parts/panel';
import { ResultTable } from '../parts/result-table';
import { EditorHost } from '../try/editor-host';
import { Problems } from '../try/problems';
import { SaveForm } from '../try/save-form';

const FIRST = `Event
| where EventID == 1
| summarize count() by Computer
| top 10 by count_
`;

/** A query that is being written: run over what is at hand, kept as a rule. */
export function TryPage({ ruleId }: { readonly ruleId: string | undefined }) {
  const about = useShared(session);
  const [query, setQuery] = useState<string | undefined>(ruleId === undefined ? FIRST : undefined);
  const text = useRef(query ?? '');
  const [problems, setProblems] = useState<CheckView['problems']>([]);
  const [input, setInput] = useState<EventInput>();
  const [result, setResult] = useState<RunView>();
  const [fault, setFault] = useState<string>();
  const [busy, setBusy] = useState(false);
  useEffect(() => {
    if (ruleId === undefined) return;
    get<RuleView>(apiPath('rules', ruleId)).then(
      (rule) => {
        text.current = rule.query;
        setQuery(rule.query);
      },
      (error: Error) => setFault(error.message),
    );
  }, [ruleId]);
  useEffect(() => {
    if (about?.hasSample && input === undefined) setInput({ minutes: 30 });
  }, [about]);
  if (about && !about.hasWorkbench)
    return <Empty>Queries are tried on a laptop: the compiler is never deployed.</Empty>;
  const run = async (over: EventInput | undefined): Promise<void> => {
    if (over === undefined) return setFault('Choose events first: drop a file below.');
    setBusy(true);
    setFault(undefined);
    try {
      setResult(await postWithEvents<RunView>(apiPath('run'), { query: text.current }, over));
    } catch (error) {
      setFault((error as Error).message);
    }
    setBusy(false);
  };
  const choose = (chosen: EventInput): void => {
    setInput(chosen);
    void run(chosen);
  };
  return (
    <>
      <div class="page-head">
        <h1>Try a query</h1>
        <span class="spring" />
        <button type="button" class="primary" disabled={busy} onClick={() => void run(input)}>
          {busy ? 'Running …' : 'Run'}
        </button>
        <span class="muted keys">Ctrl+Enter</span>
      </div>
      {query !== undefined && (
        <EditorHost
          text={query}
          onText={(next) => {
            text.current = next;
          }}
          onProblems={setProblems}
          onRun={() => void run(input)}
        />
      )}
      <Problems problems={problems} query={text.current} />
      <Drop busy={busy} onChoose={choose} chosen={input && inputName(input)} />
      <Fault text={fault} />
      {result && <Result result={result} />}
      {about?.canSave && <SaveForm query={() => text.current} input={input} />}
    </>
  );
}

function Result({ result }: { readonly result: RunView }) {
  const { columns, rows, events, unread, ms, tables } = result;
  const about = `${plural(result.count, 'row')} of ${plural(events, 'event')} in ${count(ms)} ms`;
  return (
    <Panel title="Result" aside={<span role="status">{about}</span>}>
      {unread.length > 0 && (
        <p class="note">
          Could not be read: {unread.map(({ reason, count: n }) => `${count(n)} ${visible(reason)}`).join(', ')}
        </p>
      )}
      {rows.length === 0 ? (
        <Empty>
          No row. Events by table:{' '}
          {tables.length === 0 ? (
            'none'
          ) : (
            <Data text={tables.map(({ name, events: n }) => `${name} ${count(n)}`).join(', ')} most={500} />
          )}
        </Empty>
      ) : (
        <ResultTable label="Result" columns={columns} rows={rows} />
      )}
      {result.count > rows.length && <p class="muted">The first {count(rows.length)} are shown.</p>}
    </Panel>
  );
}
