import { printable } from '../../src/alerts/print';
import type { PageStage, RulePage } from '../../src/explain/page/page';
import { table, wrap } from '../io/columns';
import * as words from './page-words';

export interface TextOptions {
  /** ANSI colours. */
  readonly colour?: boolean;
  /** Columns of the terminal. */
  readonly width?: number;
}

const MOST_VALUES = 6;

/** A rule page for a terminal. */
export function pageText(page: RulePage, options: TextOptions = {}): string {
  const width = Math.max(60, Math.min(options.width ?? 120, 160));
  const paint = (code: string, text: string): string => (options.colour ? `\u001b[${code}m${text}\u001b[0m` : text);
  const lines: string[] = [paint('1', printable(page.name, width)), ''];
  const section = (title: string): void => void lines.push('', paint('1', title));
  const add = (rows: readonly (readonly string[])[], indent = 2): void =>
    void lines.push(...table(rows, width, indent));

  if (page.description !== '')
    lines.push(...page.description.split(/\r?\n/).flatMap((line) => wrap(line.trim(), width, 0, 0)), '');
  add(
    [
      ['Status', page.status ?? ''],
      ['Severity', page.severity],
      ['Window', words.windowWords(page)],
      ['Alerts on', words.triggerWords(page)],
      ['Group by', page.groupBy.join(', ')],
      ['Source', page.sources.join(', ')],
      ['Tactics', page.tactics.map(({ id, title }) => `${title}${id ? ` (${id})` : ''}`).join(', ')],
      ['Techniques', page.techniques.map(({ id, title }) => `${id}${title ? ` ${title}` : ''}`).join(', ')],
      ['Id', page.id],
      ['Version', page.version ?? ''],
      ['File', page.file],
    ].filter(([, value]) => value !== ''),
    0,
  );
  section('Events');
  add(page.events.map(words.eventWords));
  section('Stages');
  lines.push(...stageLines(page.stages, width, 2));
  section(`Indicators (${page.indicators.length})`);
  add(
    page.indicators.map((item) => [
      item.field,
      words.kindWords(item),
      words.valueWords(item, MOST_VALUES),
      `stage ${item.stage}`,
      item.otherRules === 0 ? 'no other rule' : `${item.otherRules} other rule${item.otherRules === 1 ? '' : 's'}`,
    ]),
  );
  section(`Output (${page.outputs.length} fields)`);
  add(page.outputs.map((field) => [field.name, field.type, words.madeWords(field)]));
  if (page.entities.length > 0) {
    section('Entities');
    add(
      page.entities.map(({ type, fields }) => [
        type,
        Object.entries(fields)
          .map(([name, column]) => `${name} = ${column}`)
          .join(', '),
      ]),
    );
  }
  section('How it runs on the stream');
  add([
    ...page.state.flatMap((state, i) => {
      const title = page.state.length === 1 ? '' : ` ${i + 1}`;
      return [
        [`Arrival${title}`, `stages ${state.arrival.join(', ')}${state.isUnfiltered ? ' (nothing is filtered)' : ''}`],
        [`Kept${title}`, words.keptWords(state)],
      ];
    }),
    ...(page.state.length === 0 ? [] : [['Panes', words.paneWords(page)]]),
    ['Flush', words.flushStages(page.stages).join(', ') || 'nothing but the merging of the panes'],
    [
      'Silence',
      page.isSilentWithoutEvents ? 'windows without events are not run' : 'windows without events are run too',
    ],
  ]);
  if (page.references.length > 0) {
    section('Lists');
    add(page.references.map(words.referenceWords));
  }
  section('What a matching event must have');
  page.requirements.forEach((list, i) => {
    if (page.requirements.length > 1) lines.push(`  ${i === 0 ? 'either' : 'or'}`);
    for (const item of words.requirementWords(list)) lines.push(...wrap(`- ${item}`, width, 2));
  });
  section('What it silently depends on');
  for (const { severity, message } of page.dependsOn)
    lines.push(...wrap(`${severity === 'warning' ? '!' : '-'} ${message}`, width, 2));
  if (page.dependsOn.length === 0) lines.push('  nothing that the plan shows');
  return lines.join('\n');
}

function stageLines(stages: readonly PageStage[], width: number, indent: number): string[] {
  const pad = ' '.repeat(indent);
  return stages.flatMap((stage) => {
    const label = `${stage.number}  ${stage.kind}`.padEnd(16);
    const head = `${pad}${label} ${words.runsWords(stage.runs)}`.trimEnd();
    const body =
      stage.predicates.length > 1
        ? predicateLines(stage, width, indent)
        : words.dedent(stage.text).flatMap((line) => wrap(line, width, indent + 6));
    const inner = stage.inner.flatMap(({ title, stages: within }) => [
      `${pad}      ${title}:`,
      ...stageLines(within, width, indent + 8),
    ]);
    return [head, ...body, ...inner];
  });
}

const predicateLines = ({ predicates, number }: PageStage, width: number, indent: number): string[] =>
  predicates.flatMap((text, i) => wrap(`${number}.${i + 1}  ${words.dedent(text).join(' ')}`, width, indent + 6));
