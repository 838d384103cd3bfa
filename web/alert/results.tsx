import { cell } from '../lib/format';
import { Data } from '../parts/data';
import { Empty } from '../parts/panel';
import { ResultTable } from '../parts/result-table';
import type { AlertRecord } from './record';

/** Result rows: one is a list of its fields, several are a table. */
export function Results({ rows }: { readonly rows: AlertRecord['Results'] }) {
  const [only] = rows;
  if (!only) return <Empty>The alert carries no rows.</Empty>;
  if (rows.length === 1) return <Fields row={only} />;
  const names = [...new Set(rows.flatMap((row) => Object.keys(row)))];
  return (
    <ResultTable
      label="Results"
      columns={names.map((name) => ({ name }))}
      rows={rows.map((row) => names.map((name) => row[name]))}
    />
  );
}

export const Fields = ({ row }: { readonly row: Readonly<Record<string, unknown>> }) => (
  <dl class="fields">
    {Object.entries(row).map(([name, value]) => (
      <div key={name}>
        <dt>
          <Data text={name} most={100} />
        </dt>
        <dd class="mono">{value === '' ? <span class="muted">empty</span> : <Data text={cell(value)} lines />}</dd>
      </div>
    ))}
  </dl>
);
