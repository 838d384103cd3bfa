import type { PageStage, RulePage } from '../../src/explain/page/page';
import * as words from './page-words';

/** A rule page as Markdown, for the documentation of a rule. */
export function pageMarkdown(page: RulePage): string {
  const lines: string[] = [`# ${plain(page.name)}`, ''];
  if (page.description !== '') lines.push(...page.description.split(/\r?\n/).map((line) => plain(line.trim())), '');
  const section = (title: string): void => void lines.push('', `## ${title}`, '');
  const rows = (head: readonly string[], body: readonly (readonly string[])[]): void => {
    if (body.length === 0) return void lines.push('None.');
    lines.push(`| ${head.join(' | ')} |`, `|${head.map(() => '---').join('|')}|`);
    for (const row of body) lines.push(`| ${row.join(' | ')} |`);
  };
  rows(
    ['', ''],
    [
      ['Status', plain(page.status ?? '')],
      ['Severity', page.severity],
      ['Window', words.windowWords(page)],
      ['Alerts on', words.triggerWords(page)],
      ['Group by', page.groupBy.map(code).join(', ')],
      ['Source', page.sources.map(code).join(', ')],
      ['Tactics', page.tactics.map(({ id, title }) => `${title}${id ? ` (${id})` : ''}`).join(', ')],
      [
        'Techniques',
        page.techniques
          .map(
            ({ id, title }) =>
              `[${id}](https://attack.mitre.org/techniques/${id.replace('.', '/')}/)${title ? ` ${title}` : ''}`,
          )
          .join(', '),
      ],
      ['Id', code(page.id)],
      ['Version', plain(page.version ?? '')],
    ].filter(([, value]) => value !== ''),
  );
  section('Events');
  rows(
    ['Table', 'Channel', 'Provider', 'Event id', 'Title'],
    page.events.map((event) => words.eventWords(event).map(plain)),
  );
  section('Stages');
  lines.push(...stageLines(page.stages, ''));
  section('Indicators');
  rows(
    ['Field', 'Kind', 'Values', 'Stage', 'Other rules'],
    page.indicators.map((item) => [
      code(item.field),
      words.kindWords(item),
      item.values.map(code).join(' '),
      item.stage,
      String(item.otherRules),
    ]),
  );
  section('Output');
  rows(
    ['Field', 'Type', 'Put there by'],
    page.outputs.map((field) => [code(field.name), field.type, words.madeWords(field)]),
  );
  section('On the stream');
  for (const state of page.state)
    lines.push(`- On arrival: stages ${state.arrival.join(', ')}. Kept: ${plain(words.keptWords(state))}.`);
  if (page.state.length > 0) lines.push(`- State is kept ${words.paneWords(page)}.`);
  lines.push(`- At flush: ${words.flushStages(page.stages).join(', ') || 'nothing but the merging of the panes'}.`);
  if (page.references.length > 0) {
    section('Lists');
    rows(
      ['List', 'Rows', 'Of'],
      page.references.map((reference) => words.referenceWords(reference).map(plain)),
    );
  }
  section('What a matching event must have');
  page.requirements.forEach((list, i) => {
    lines.push(`${i === 0 ? '' : 'or '}${words.requirementWords(list).map(plain).join('; ')}`, '');
  });
  section('What it silently depends on');
  if (page.dependsOn.length === 0) lines.push('Nothing that the plan shows.');
  for (const { severity, message } of page.dependsOn)
    lines.push(`- ${severity === 'warning' ? '**Warning.** ' : ''}${plain(message)}`);
  return `${lines.join('\n').replace(/\n{3,}/g, '\n\n')}\n`;
}

function stageLines(stages: readonly PageStage[], indent: string): string[] {
  return stages.flatMap((stage) => [
    `${indent}- **${stage.number} ${stage.kind}** (${words.runsWords(stage.runs)})`,
    ...fenced(words.dedent(stage.text), `${indent}  `),
    ...(stage.predicates.length > 1
      ? stage.predicates.map((text, i) => `${indent}  - ${stage.number}.${i + 1} ${code(words.dedent(text).join(' '))}`)
      : []),
    ...stage.inner.flatMap(({ title, stages: within }) => [
      `${indent}  - ${title}:`,
      ...stageLines(within, `${indent}    `),
    ]),
  ]);
}

/** A code block whose fence no line of it can close. */
function fenced(text: readonly string[], indent: string): string[] {
  const fence = '`'.repeat(Math.max(2, ...text.map(longestRun)) + 1);
  return [`${indent}${fence}kusto`, ...text.map((line) => `${indent}${line}`), `${indent}${fence}`];
}

/** Most backticks in a row. */
const longestRun = (text: string): number => Math.max(0, ...(text.match(/`+/g) ?? []).map((run) => run.length));

const plain = (text: string): string => text.replace(/[\\`*_{}[\]<>|#]/g, '\\$&').replace(/\r?\n/g, ' ');

/** Inline code; a pipe would end the cell of a table. */
function code(text: string): string {
  const longest = longestRun(text);
  const fence = '`'.repeat(longest + 1);
  const pad = longest > 0 || text === '' ? ' ' : '';
  return `${fence}${pad}${text.replace(/\r?\n/g, ' ').replaceAll('|', '\\|')}${pad}${fence}`;
}
