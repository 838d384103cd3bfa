import { printable } from '../../src/alerts/print';
import { listed } from '../../src/explain/page/dependency';
import type { EventCoverage } from '../../src/explain/page/events';
import type { Indicator } from '../../src/explain/page/indicators';
import type { OutputField } from '../../src/explain/page/outputs';
import type { PageStage, RulePage } from '../../src/explain/page/page';
import type { KeptState, RunsAt } from '../../src/explain/page/placement';
import { referenceName, type ShownReference } from '../../src/kql';
import { formatDuration } from '../../src/plan/duration';

/** The wording of a rule page, the same on a terminal and in Markdown. */

const OPERATORS: Readonly<Record<string, string>> = {
  GreaterThan: 'more than',
  GreaterThanOrEqual: 'at least',
  LessThan: 'fewer than',
  LessThanOrEqual: 'at most',
  Equal: 'exactly',
  NotEqual: 'other than',
};

export const windowWords = ({ schedule, kind }: RulePage): string =>
  kind === 'NRT'
    ? `every ${formatDuration(schedule.frequencyMs)} over what came in in that time (NRT)`
    : `every ${formatDuration(schedule.frequencyMs)} over ${formatDuration(schedule.periodMs)}`;

export const triggerWords = ({ trigger }: RulePage): string =>
  `${OPERATORS[trigger.operator] ?? trigger.operator} ${trigger.threshold} result rows`;

export const eventWords = ({ table, channel, provider, eventId, title }: EventCoverage): string[] => [
  table,
  channel ?? '',
  provider ?? '',
  eventId === undefined ? 'any' : String(eventId),
  title ?? '',
];

export const kindWords = ({ kind, negated, caseSensitive }: Indicator): string =>
  `${negated ? 'not ' : ''}${kind}${caseSensitive && kind !== 'eq' && kind !== 'regex' ? ' (case)' : ''}`;

/** The first values, long ones cut: a list or a pattern may be thousands of characters. */
export function valueWords({ values }: Indicator, most: number): string {
  const shown = values.slice(0, most).map((value) => printable(value, 160));
  return values.length > most ? `${shown.join(' | ')} | … ${values.length - most} more` : shown.join(' | ');
}

const RUNS: Readonly<Record<RunsAt, string>> = {
  arrival: 'on arrival',
  groups: 'on arrival, as partial groups',
  flush: 'at flush',
  window: 'by the window',
};

export const runsWords = (runs: readonly RunsAt[]): string => runs.map((place) => RUNS[place]).join(' + ');

export const madeWords = ({ stage, madeBy, role }: OutputField): string => {
  const here = `stage ${stage}${role === 'column' ? '' : ` (${role})`}`;
  return madeBy.length === 1 && madeBy[0] === stage ? here : `${here}, made by ${madeBy.join(', ')}`;
};

export const keptWords = ({ kind, columns, aggregates, tables }: KeptState): string => {
  if (kind === 'rows') return `rows of ${tables.join(', ')}, ${columns.length} column(s): ${listed(columns, 16)}`;
  const keys = columns.length === 0 ? 'one group' : `groups by ${columns.join(', ')}`;
  return `${keys}${aggregates.length > 0 ? `; of each ${aggregates.join(', ')}` : ''}`;
};

export const paneWords = ({ paneMs, panesPerWindow, schedule, latenessMs }: RulePage): string =>
  `in panes of ${formatDuration(paneMs)} (${panesPerWindow} to a window), each for the period of ${formatDuration(schedule.periodMs)} and ${formatDuration(latenessMs)} more, in which late events correct alerts`;

export const requirementWords = (requirements: RulePage['requirements'][number]): string[] =>
  requirements.map((item) => {
    if (item.kind === 'table') return `it is a row of ${item.name}`;
    if (item.kind === 'number') return `${item.column} is ${item.values.join(' or ')}`;
    if (item.kind === 'any') return anyWords(item.of);
    return `it holds the text ${textWords(item)}`;
  });

const MOST_SHOWN = 8;
type Atom = Extract<RulePage['requirements'][number][number], { kind: 'any' }>['of'][number];

const textWords = ({ text, caseSensitive }: Extract<Atom, { kind: 'literal' }>): string =>
  `${JSON.stringify(text)}${caseSensitive ? '' : ', in any case'}`;

function anyWords(of: readonly Atom[]): string {
  const words = of
    .slice(0, MOST_SHOWN)
    .map((atom) => (atom.kind === 'number' ? `${atom.column} is ${atom.values.join(' or ')}` : textWords(atom)));
  const more = of.length > MOST_SHOWN ? `; or one of ${of.length - MOST_SHOWN} more` : '';
  return `it holds one of the texts ${words.join('; ')}${more}`;
}

/** A text of several lines without the indentation that they share. */
export function dedent(text: string): string[] {
  const lines = text.split(/\r?\n/);
  const rest = lines.slice(1).filter((line) => line.trim() !== '');
  const indent = Math.min(...rest.map((line) => line.length - line.trimStart().length));
  return lines
    .map((line, i) => (i === 0 ? line : line.slice(Number.isFinite(indent) ? indent : 0)))
    .filter((line) => line.trim() !== '');
}

/** Stages that run when the window closes, those inside unions and joins too. */
export const flushStages = (stages: readonly PageStage[]): string[] =>
  stages.flatMap(({ number, kind, runs, inner }) => [
    ...(runs.includes('flush') ? [`${number} ${kind}`] : []),
    ...inner.flatMap((part) => flushStages(part.stages)),
  ]);

/** A list: where it is from, how many rows, of when. */
export const referenceWords = (reference: ShownReference): string[] => [
  referenceName(reference),
  `${reference.rows} row${reference.rows === 1 ? '' : 's'}`,
  reference.fetchedAt,
];
