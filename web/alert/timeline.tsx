import { useMemo } from 'preact/hooks';
import type { AlertRow } from '../../src/board/types';
import { Chart } from '../parts/chart';

const HOUR = 3_600_000;
const MOST_BARS = 120;

/** Alerts by time: hours, or longer where there would be too many of them. */
export function Timeline({ alerts }: { readonly alerts: readonly AlertRow[] }) {
  const [times, values] = useMemo(() => {
    const ends = alerts.map(({ windowEnd }) => windowEnd);
    const last = ends.reduce((a, b) => Math.max(a, b));
    const first = ends.reduce((a, b) => Math.min(a, b));
    let step = HOUR;
    while ((last - first) / step > MOST_BARS) step *= 2;
    const from = Math.floor(first / step) - 6;
    const counts = Array.from({ length: Math.max(13, Math.floor(last / step) - from + 7) }, () => 0);
    for (const end of ends) counts[Math.floor(end / step) - from]!++;
    // An hour without alerts has no bar, not one of no height.
    return [counts.map((_, i) => ((from + i) * step) / 1_000), counts.map((n) => (n === 0 ? null : n))];
  }, [alerts]);
  return <Chart label="Alerts over time" times={times} values={values} height={110} bars />;
}
