interface Props {
  readonly values: readonly number[];
  readonly label: string;
}

const WIDTH = 96;
const HEIGHT = 22;

/** Bars, one a pane: the newest is on the right. */
export function Sparkline({ values, label }: Props) {
  const most = Math.max(1, ...values);
  const width = WIDTH / Math.max(12, values.length);
  return (
    <svg class="sparkline" viewBox={`0 0 ${WIDTH} ${HEIGHT}`} role="img" aria-label={label}>
      <line x1="0" x2={WIDTH} y1={HEIGHT - 0.5} y2={HEIGHT - 0.5} />
      {values.map((value, i) => {
        const height = value === 0 ? 0 : Math.max(1.5, (value / most) * (HEIGHT - 3));
        const x = WIDTH - (values.length - i) * width;
        return <rect key={i} x={x} y={HEIGHT - 1 - height} width={Math.max(1, width - 1)} height={height} />;
      })}
    </svg>
  );
}
