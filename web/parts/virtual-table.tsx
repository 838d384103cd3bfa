import type { ComponentChildren } from 'preact';
import { useCallback, useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks';

export interface TableColumn<T> {
  readonly key: string;
  readonly title: string;
  /** A track of a CSS grid: `8rem`, `minmax(12rem, 2fr)`. */
  readonly track: string;
  readonly align?: 'end';
  /** Left out where there is little room. */
  readonly wide?: boolean;
  cell(row: T): ComponentChildren;
}

interface Props<T> {
  readonly label: string;
  readonly rows: readonly T[];
  readonly columns: readonly TableColumn<T>[];
  readonly keyOf: (row: T, index: number) => string;
  /** Pixels. */
  readonly rowHeight?: number;
  /** Most rows in sight. */
  readonly rowsShown?: number;
  /** The row that is looked at. */
  readonly selected?: string;
  /** Told which rows are in sight, once nobody scrolls. */
  readonly onSight?: (rows: readonly T[]) => void;
}

const BEYOND = 6;
/** Who scrolls past rows does not look at them. */
const AT_REST_MS = 100;
const NARROW = window.matchMedia('(max-width: 760px)');

export function useNarrow(): boolean {
  const [narrow, setNarrow] = useState(NARROW.matches);
  useEffect(() => {
    const change = (): void => setNarrow(NARROW.matches);
    NARROW.addEventListener('change', change);
    return () => NARROW.removeEventListener('change', change);
  }, []);
  return narrow;
}

/** A table of any length: only the rows in sight are there. All rows have one height. */
export function VirtualTable<T>({
  label,
  rows,
  columns,
  keyOf,
  rowHeight = 34,
  rowsShown = 16,
  selected,
  onSight,
}: Props<T>) {
  const body = useRef<HTMLDivElement>(null);
  const [top, setTop] = useState(0);
  const narrow = useNarrow();
  const shownColumns = narrow ? columns.filter(({ wide }) => !wide) : columns;
  const height = Math.min(rows.length, rowsShown) * rowHeight;
  const first = Math.max(0, Math.floor(top / rowHeight) - BEYOND);
  const last = Math.min(rows.length, Math.ceil((top + height) / rowHeight) + BEYOND);
  const onScroll = useCallback(() => setTop(body.current?.scrollTop ?? 0), []);
  useLayoutEffect(onScroll, [rows.length]);
  const inSight = rows.slice(first, last);
  useEffect(() => {
    if (!onSight) return;
    const timer = window.setTimeout(onSight, AT_REST_MS, inSight);
    return () => window.clearTimeout(timer);
  }, [first, last, rows]);
  const tracks = { '--tracks': shownColumns.map(({ track }) => track).join(' ') };
  return (
    <div class="table" role="table" aria-label={label} aria-rowcount={rows.length + 1} style={tracks}>
      <div class="row head" role="row" aria-rowindex={1}>
        {shownColumns.map(({ key, title, align }) => (
          <div class={align} role="columnheader" key={key}>
            {title}
          </div>
        ))}
      </div>
      <div class="body" role="rowgroup" tabIndex={0} ref={body} onScroll={onScroll} style={{ height: `${height}px` }}>
        <div class="length" role="presentation" style={{ height: `${rows.length * rowHeight}px` }}>
          <div role="presentation" style={{ transform: `translateY(${first * rowHeight}px)` }}>
            {inSight.map((row, i) => {
              const key = keyOf(row, first + i);
              return (
                <div
                  class={key === selected ? 'row selected' : 'row'}
                  role="row"
                  key={key}
                  aria-rowindex={first + i + 2}
                  style={{ height: `${rowHeight}px` }}
                >
                  {shownColumns.map((column) => (
                    <div class={column.align} role="cell" key={column.key}>
                      {column.cell(row)}
                    </div>
                  ))}
                </div>
              );
            })}
          </div>
        </div>
      </div>
    </div>
  );
}
