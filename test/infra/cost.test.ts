import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const root = join(__dirname, '../..');
const text = readFileSync(join(root, 'docs/cost.md'), 'utf8');
const alerts = readFileSync(join(root, 'infra/modules/operations-alerts.bicep'), 'utf8');
const number = (cell: string): number => Number(cell.replaceAll(/[*,]/g, ''));

/** List prices and rates of the page's assumptions. */
const WRITE = 0.065 / 10_000;
const GB = 4.3;
const BALANCING_A_DAY = 86_400 / 30;

interface Row {
  readonly name: string;
  readonly partitions: number;
  readonly invocations: number;
  readonly cells: readonly number[];
}

const rows: Row[] = text
  .split('\n')
  .filter((line) => /^\| \d+ \|/.test(line))
  .map((line) => {
    const [gb, settings, sizes, invocations, ...cells] = line
      .split('|')
      .slice(1, -1)
      .map((cell) => cell.trim());
    return {
      name: `${gb} GB, ${settings}`,
      partitions: number(sizes!.split(', ')[0]!),
      invocations: number(invocations!),
      cells: cells.map(number),
    };
  });

describe('docs/cost.md', () => {
  it('has six rows', () => expect(rows).toHaveLength(6));

  it.each(rows)('computes as its formula says: $name', ({ partitions, invocations, cells, name }) => {
    const [hub, compute, blobs, telemetry, logAlerts, sum] = cells;
    const instances = name.startsWith('500') ? 2 : 1;
    expect(blobs).toBeCloseTo(WRITE * (invocations + BALANCING_A_DAY * (partitions + instances) + 12_000), 1);
    expect(telemetry).toBeCloseTo((GB * (2 * invocations + 17_280) * 0.8) / 1e6, 1);
    const exact = hub! + compute! + blobs! + telemetry! + logAlerts!;
    // Rounded to two digits.
    expect(Math.abs(sum! - exact) / exact).toBeLessThan(0.04);
  });

  it('counts the alert rules that were made when it was written, and says what one more costs', () => {
    const frequencies = [...alerts.matchAll(/evaluationFrequency: '(PT\w+)'/g)].map(([, every]) => every);
    const seldom = frequencies.filter((every) => every !== 'PT5M').length;
    expect(seldom).toBe(3);
    // The metric alert is one of those that look every 5 minutes, at its own price.
    const often = frequencies.length - seldom - 1;
    expect(often).toBeGreaterThanOrEqual(6);
    const perDay = (6 * 1.5 + seldom * 0.5 + 0.1) / 30;
    for (const { cells } of rows) expect(cells[4]).toBeCloseTo(perDay, 2);
    expect(text).toContain('Each further 5-minute rule: 0.05 a day');
  });
});
