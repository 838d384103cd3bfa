import { cell } from '../lib/format';
import { visible } from '../lib/hostile';
import { Data } from './data';
import { type TableColumn, VirtualTable } from './virtual-table';

interface Props {
  readonly label: string;
  readonly columns: readonly { readonly name: string; readonly type?: string; readonly isKey?: boolean }[];
  readonly rows: readonly (readonly unknown[])[];
  readonly rowsShown?: number;
}

/** Rows that say how wide a column is, and how wide it may be. */
const SAMPLE = 50;
const MOST_CHARACTERS = 46;

/** Rows of a query, of any number, with columns that the query names. */
export function ResultTable({ label, columns, rows, rowsShown = 14 }: Props) {
  const shown = columns.map(({ name, type, isKey }, i): TableColumn<readonly unknown[]> => {
    const isNumber = type === 'long' || type === 'int' || type === 'real' || type === 'decimal';
    const widest = rows.slice(0, SAMPLE).reduce((most, row) => Math.max(most, cell(row[i]).length), name.length + 2);
    return {
      key: String(i),
      title: isKey ? `${visible(name)} ·` : visible(name),
      track: `${Math.min(widest + 2, MOST_CHARACTERS)}ch`,
      ...(isNumber ? { align: 'end' as const } : {}),
      cell: (row) => <Data text={cell(row[i])} most={400} />,
    };
  });
  return (
    <div class="scroll-x">
      <VirtualTable
        label={label}
        rows={rows}
        columns={shown}
        keyOf={(_, i) => String(i)}
        rowHeight={28}
        rowsShown={rowsShown}
      />
    </div>
  );
}
