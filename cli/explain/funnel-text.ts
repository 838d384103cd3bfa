import { printable } from '../../src/alerts/print';
import type { BranchCount } from '../../src/explain/funnel/funnel';
import type { PredicateCount } from '../../src/explain/funnel/predicate-count';
import type { FunnelResult } from './funnel';
import { dedent } from './page-words';

export interface FunnelTextOptions {
  readonly colour?: boolean;
  readonly width?: number;
}

/** Values less alike than this are not shown as near. */
const NEAR = 0.6;
const MOST_MISSES = 3;

/** A funnel for a terminal: how many rows each stage and predicate leaves, what nearly matched, and where the rule loses it. */
export function funnelText(result: FunnelResult, options: FunnelTextOptions = {}): string {
  const width = Math.max(80, Math.min(options.width ?? 120, 180));
  const paint = (code: string, text: string): string => (options.colour ? `\u001b[${code}m${text}\u001b[0m` : text);
  const lines = [paint('1', printable(result.name, width)), ''];
  const line = (label: string, text: string, rows: number | string, extra = ''): void => {
    const room = width - 34;
    const shown = printable(dedent(text).join(' '), room).padEnd(room);
    lines.push(`${label.padEnd(12)} ${shown} ${String(rows).padStart(9)}${extra === '' ? '' : `  ${extra}`}`.trimEnd());
  };
  for (const branch of result.branches) {
    line('', `records of ${branch.table}`, branch.events, `of ${result.records}`);
    for (const { number, kind, text, rows, predicates } of branch.stages) {
      if (predicates.length === 0) line(number, text, rows);
      for (const predicate of predicates) {
        const lost = predicate.reached - predicate.passed;
        line(
          predicate.number,
          predicates.length > 1 ? predicate.text : `${kind} ${predicate.text}`,
          predicate.passed,
          lost > 0 ? `- ${lost}` : '',
        );
        for (const near of shownValues(predicate)) lines.push(nearLine(near, width, (part) => paint('33', part)));
      }
    }
    if (branch.failures > 0) line('', 'records on which the rule failed', branch.failures);
    lines.push('');
  }
  for (const { kind, count, stage } of result.flush.kept) line(stage ?? '', `${kind} kept`, count);
  for (const { number, text, rows } of result.flush.steps) line(number, text, rows);
  line('', `alerts, of ${result.flush.windows} window(s) with state`, result.alerts);
  if (result.flush.uncounted > 0)
    lines.push(`             (stages of the flush were counted without the last ${result.flush.uncounted} windows)`);
  lines.push('', paint('1', 'Nearest misses: events that fail one predicate and no other'));
  const missed = result.branches.flatMap(predicatesOf).filter(({ onlyMiss }) => onlyMiss > 0);
  if (missed.length === 0) lines.push('  none');
  for (const predicate of missed) lines.push(...missLines(predicate, width));
  const reasons = result.branches.flatMap(verdicts);
  if (reasons.length > 0)
    lines.push('', paint('1', 'In short'), ...reasons.map((text) => `  ${printable(text, width * 3)}`));
  return lines.join('\n');
}

const predicatesOf = ({ stages }: BranchCount): PredicateCount[] => stages.flatMap(({ predicates }) => [...predicates]);

const isNear = (similarity: number): boolean => similarity >= NEAR;

/** The values that nearly matched; where values cannot be near one another, nothing. */
const shownValues = ({ nearest }: PredicateCount): PredicateCount['nearest'] =>
  nearest.filter(({ similarity }) => isNear(similarity));

function nearLine(
  { value, count, difference }: PredicateCount['nearest'][number],
  width: number,
  paint: (text: string) => string,
): string {
  const room = width - 64;
  return `${' '.repeat(15)}${String(count).padStart(7)} x ${printable(value, room).padEnd(Math.min(room, 52))}  ${paint(printable(difference?.text ?? '', 60))}`;
}

function missLines({ number, text, onlyMiss, misses }: PredicateCount, width: number): string[] {
  const lines = [
    `  ${number}  ${printable(dedent(text).join(' '), width - 30)}  (${onlyMiss} event${onlyMiss === 1 ? '' : 's'})`,
  ];
  for (const { time, computer, values, difference } of misses.slice(0, MOST_MISSES)) {
    const shown = Object.entries(values)
      .map(([name, value]) => `${name} = ${value}`)
      .join(', ');
    lines.push(`      ${printable(time, 30)}  ${printable(computer, 30)}  ${printable(shown, width - 40)}`);
    if (difference) lines.push(`          ${printable(difference.text, width - 12)}`);
  }
  return lines;
}

/** Where rows are lost to a value that is nearly the one looked for. */
function verdicts(branch: BranchCount): string[] {
  return predicatesOf(branch).flatMap((predicate) => {
    const { number, passed, reached } = predicate;
    const [first] = shownValues(predicate);
    // Another word is another thing; the same with something more or less may be an oversight of the rule.
    if (!first?.difference || first.difference.kind === 'other' || first.count < Math.max(1, passed)) return [];
    return [
      `${number}: ${passed} of ${reached} rows have what is looked for; in ${first.count} the value ${first.difference.text}: ${first.value}`,
    ];
  });
}
