import { useEffect, useRef } from 'preact/hooks';
import uPlot from 'uplot';
import 'uplot/dist/uPlot.min.css';
import { useShared } from '../lib/signal';
import { theme } from '../lib/theme';

interface Props {
  readonly label: string;
  /** Seconds since 1970, ascending. */
  readonly times: readonly number[];
  readonly values: readonly (number | null)[];
  readonly height?: number;
  readonly bars?: boolean;
}

/** Least seconds that are drawn. */
const LEAST = 90;

const iso = (seconds: number): string => new Date(seconds * 1_000).toISOString();

/** Labels in UTC, as exact as the steps between them. */
function labels(_: uPlot, splits: number[]): string[] {
  const step = (splits[1] ?? 0) - (splits[0] ?? 0);
  return splits.map((seconds) => {
    const text = iso(seconds);
    return step >= 86_400
      ? text.slice(5, 10)
      : step >= 60
        ? `${text.slice(5, 10)} ${text.slice(11, 16)}`
        : text.slice(11, 19);
  });
}

const color = (name: string): string => getComputedStyle(document.documentElement).getPropertyValue(name).trim();

/** One series over time. */
export function Chart({ label, times, values, height = 150, bars = false }: Props) {
  const host = useRef<HTMLDivElement>(null);
  const plot = useRef<uPlot | undefined>(undefined);
  const chosen = useShared(theme);
  useEffect(() => {
    const { current } = host;
    if (!current) return;
    const axis = {
      stroke: color('--muted'),
      grid: { stroke: color('--line'), width: 1 },
      ticks: { show: false },
      font: '11px system-ui',
    };
    plot.current = new uPlot(
      {
        width: current.clientWidth,
        height,
        tzDate: (seconds) => uPlot.tzDate(new Date(seconds * 1_000), 'UTC'),
        legend: { show: false },
        // The last label stands half beyond the last moment.
        padding: [10, bars ? 34 : 26, 0, 0],
        cursor: { y: false, points: { size: 6 } },
        scales: {
          x: { range: (_, first, last) => [Math.min(first, last - LEAST), last] },
          y: { range: (_, __, most) => [0, Math.max(1, most * 1.1)] },
        },
        axes: [
          { ...axis, values: labels, space: 90, size: 28 },
          { ...axis, size: 44 },
        ],
        series: [
          {},
          {
            stroke: color('--accent'),
            fill: color('--accent-soft'),
            width: 1.5,
            points: { show: false },
            ...(bars && uPlot.paths.bars ? { paths: uPlot.paths.bars({ size: [0.8, 24] }) } : {}),
          },
        ],
      },
      [[...times], [...values]],
      current,
    );
    const observer = new ResizeObserver(() => plot.current?.setSize({ width: current.clientWidth, height }));
    observer.observe(current);
    return () => {
      observer.disconnect();
      plot.current?.destroy();
    };
  }, [chosen, height, bars]);
  useEffect(() => plot.current?.setData([[...times], [...values]]), [times, values]);
  return <div class="chart" ref={host} role="img" aria-label={label} />;
}
