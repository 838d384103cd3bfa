import { useMemo } from 'preact/hooks';
import type { ReadingView } from '../../src/board/types';
import { readings } from '../lib/live';
import { Chart } from './chart';

/** What a rate is taken over, ms. */
const SPAN = 6_000;

/** Messages a second between two readings that are far enough apart. */
function rateAt(list: readonly ReadingView[], index: number): number | undefined {
  const last = list[index]!;
  let from = index;
  while (from > 0 && last.at - list[from]!.at < SPAN) from--;
  const first = list[from]!;
  return last.at > first.at
    ? Math.max(0, ((last.messages - first.messages) * 1_000) / (last.at - first.at))
    : undefined;
}

export const rateNow = (list: readonly ReadingView[]): number | undefined =>
  list.length === 0 ? undefined : rateAt(list, list.length - 1);

/** `at`: of the last reading. */
export function RateChart({ at }: { readonly at: number }) {
  const [times, values] = useMemo(
    () => [readings.map((reading) => reading.at / 1_000), readings.map((_, i) => rateAt(readings, i) ?? null)],
    [at],
  );
  return <Chart label="Events per second" times={times} values={values} />;
}
