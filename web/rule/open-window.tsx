import type { GroupsView } from '../../src/board/types';
import { apiPath } from '../lib/api';
import { ago, count, time } from '../lib/format';
import { useLoad } from '../lib/use-load';
import { Data } from '../parts/data';
import { Empty, Fault, Panel } from '../parts/panel';
import { ResultTable } from '../parts/result-table';

interface Props {
  readonly ruleId: string;
  /** Where it is not on the rule's own page. */
  readonly ruleName?: string;
  readonly start: number;
  readonly end: number;
  readonly dueAt?: number;
}

/** The groups of a window that has not closed, as they grow. */
export function OpenWindow({ ruleId, ruleName, start, end, dueAt }: Props) {
  const { data, error } = useLoad<GroupsView>(apiPath('groups', ruleId, end), 3_000);
  const held = data?.legs.reduce((sum, { rows }) => sum + rows.length, 0) ?? 0;
  const when = dueAt === undefined ? 'run by the next flush' : `runs ${ago(dueAt, Date.now())}`;
  return (
    <Panel
      title="Open window"
      aside={
        <span class="muted">
          {ruleName !== undefined && (
            <>
              <Data text={ruleName} most={80} />,{' '}
            </>
          )}
          {time(start)} to {time(end)}, {when}
        </span>
      }
    >
      <Fault text={error} />
      {!data && !error && <Empty>Reading …</Empty>}
      {data && held === 0 && <Empty>No event has come through the first stages.</Empty>}
      {data?.legs.map(({ kind, columns, rows }, i) =>
        rows.length === 0 ? null : (
          <div key={i}>
            <p class="muted">
              {count(rows.length)} {kind}
              {data.more ? ', and more that were not read' : ''}
              {kind === 'groups' ? '; the columns marked · are their keys' : ''}
            </p>
            <ResultTable label={`Open ${kind}`} columns={columns} rows={rows} />
          </div>
        ),
      )}
    </Panel>
  );
}
