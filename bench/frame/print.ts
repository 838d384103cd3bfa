import { type Floor, figureOf, holds, type Result } from './measure';
import type { Summary } from './statistics';

/** Three digits that count, thousands apart. */
export function figure(value: number): string {
  if (value >= 100) return Math.round(value).toLocaleString('en-US');
  return String(Number(value.toPrecision(3)));
}

const withSpread = ({ median, min, max, rounds }: Summary): string =>
  rounds === 1 ? figure(median) : `${figure(median)} (${figure(min)}–${figure(max)}, ${rounds} rounds)`;

const bound = ({ atLeast, atMost }: Floor): string =>
  atLeast === undefined ? `at most ${figure(atMost!)}` : `at least ${figure(atLeast)}`;

const WHAT: Readonly<Record<Floor['of'], string>> = {
  wall: 'wall',
  cpu: 'processor',
  'ratio.wall': 'ratio, wall',
  'ratio.cpu': 'ratio, processor',
};

/** A result for people: the figures with their spread, the floor, and what it was measured on. */
export function resultText(result: Result): string {
  const { title, unit, wall, cpu, ratio, floor, sizes } = result;
  const lines = [`${title}  [${result.name}]`];
  if (wall) lines.push(`  wall       ${withSpread(wall)} ${unit}`);
  if (cpu) lines.push(`  processor  ${withSpread(cpu)} ${unit}`);
  if (ratio?.wall) lines.push(`  wall       ${withSpread(ratio.wall)} × ${ratio.to}`);
  if (ratio?.cpu) lines.push(`  processor  ${withSpread(ratio.cpu)} × ${ratio.to}`);
  if (floor) {
    const measured = figureOf(result, floor);
    const verdict = holds(result) ? 'holds' : 'DOES NOT HOLD';
    lines.push(
      `  must be    ${bound(floor)} (${WHAT[floor.of]}): ${verdict}, ${measured === undefined ? 'not measured' : figure(measured)}`,
    );
  }
  const on = Object.entries(sizes).map(
    ([name, value]) => `${name} ${typeof value === 'number' ? figure(value) : value}`,
  );
  lines.push(`  on         ${on.join('; ')}`);
  return lines.join('\n');
}
