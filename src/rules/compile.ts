import type { Compiler, Diagnostic, QueryOptions, QueryStage } from '../compiler/compile';
import {
  foldConstants,
  isHidden,
  normalizeUnions,
  type Op,
  type Pipeline,
  preparePipeline,
  prunePlan,
  type Reference,
  referenceName,
  resultKeys,
} from '../kql';
import type { AnalyticsRule } from '../plan/rule';
import { planHash, type RulePlan, type RuleSchedule, timeBasisOf } from '../plan/rule-plan';
import type { RuleSettings } from '../plan/rule-settings';
import { isSilent } from '../plan/silence';
import { didYouMean } from '../spelling';
import { isResultFixed, whyNotEarly } from '../streaming/growth';
import { requirementsOf } from '../streaming/requirements';
import { splitPlan } from '../streaming/split';
import type { StreamPlan } from '../streaming/stream-plan';
import { referencedColumns } from './columns';
import { usableMapping } from './entity-mappings';
import { hasErrors, type Problem } from './problem';
import type { RuleFile } from './read';
import { slowPatterns } from './slow-patterns';

export interface CompiledRule {
  /** Absent where a problem is an error. */
  readonly plan?: RulePlan;
  /** The whole query, before it is split for the stream: the plan must give the rows that this gives. */
  readonly query?: Pipeline;
  /** The query's operators as they were written; `stage` of a plan operator is an index of it. */
  readonly stages?: readonly QueryStage[];
  /** Problems of the query; those of the YAML are in the rule file. */
  readonly problems: readonly Problem[];
}

/** Plans longer than this (characters) are warned of: every process of the app holds them in memory. */
const LARGE_PLAN = 4 * 1024 * 1024;
const MINUTE = 60_000;
const DAY = 86_400_000;

/** An NRT rule runs every minute over a minute of enqueued time; a hunting query, when it is run at all, daily over a day. */
const scheduleOf = ({ kind, schedule }: NonNullable<RuleFile['rule']>): RuleSchedule => {
  if (schedule) return { ...schedule, clock: 'event' };
  const ms = kind === 'NRT' ? MINUTE : DAY;
  return { frequencyMs: ms, periodMs: ms, clock: kind === 'NRT' ? 'enqueued' : 'event' };
};

/**
 * Compiles the query of a rule file that has no errors of its own. `settingsFile`: where exclusions were written, for their problems.
 */
export function compileRule(
  compiler: Compiler,
  file: RuleFile,
  settings: RuleSettings,
  settingsFile: string,
): CompiledRule {
  const { rule } = file;
  if (!rule) return { problems: [] };
  const allowed = { approximate: settings.approximate === true };
  const compiled = compiler.compile(rule.query, allowed);
  const problems = compiled.diagnostics.map((fault) => problemOf(file, fault));
  if (!compiled.plan) return { problems };
  const { ops, faults } = exclusions(compiler, allowed, rule.query, compiled.plan, settings, settingsFile);
  problems.push(...faults);
  const query: Pipeline = { source: compiled.plan.source, ops: [...compiled.plan.ops, ...ops] };
  problems.push(...missingColumns(file, query, compiled.columns), ...slowPatterns(file, query));
  if (hasErrors(problems)) return { problems };
  const schedule = scheduleOf(rule);
  const stream = splitPlan(prunePlan(normalizeUnions(foldConstants(query))), {
    ...schedule,
    timeBasis: timeBasisOf(schedule),
  });
  if (stream.legs.length === 0) {
    problems.push({
      severity: 'warning',
      code: 'no-source',
      message: 'The query reads no table of the stream: it gives the same result in every window.',
      file: file.file,
      ...file.queryPosition(0),
    });
  }
  const keyColumns = resultKeys(query);
  const notEarly = settings.early
    ? (whyNotEarly(stream, rule.trigger) ?? whyNotEach(rule, stream, keyColumns))
    : undefined;
  if (notEarly !== undefined) {
    problems.push({
      severity: 'error',
      code: 'early',
      message: `'${rule.name}' cannot alert early: ${notEarly}. Take 'early: true' away for it.`,
      file: settingsFile,
      line: 1,
      column: 1,
    });
    return { problems };
  }
  const { raw: _, ...rest } = rule;
  const stored = { ...rest, entityMappings: rest.entityMappings.flatMap(usableMapping) };
  const columns = preparePipeline(query).schema?.filter(({ name }) => !isHidden(name)) ?? compiled.columns;
  const content = {
    rule: stored,
    settings,
    schedule,
    columns,
    keyColumns,
    stream,
    requirements: stream.legs.flatMap((leg) => leg.branches.map(requirementsOf)),
    isSilentWithoutEvents: isSilent(stream, rule.trigger),
  };
  const { references } = compiled;
  const plan: RulePlan = { hash: planHash(content), ...content, references };
  const length = JSON.stringify(plan).length;
  if (length > LARGE_PLAN) problems.push(largePlan(file, length, references));
  return { plan, query, stages: compiled.stages, problems };
}

/** Problems of the query of a file whose other fields have errors, so that one run reports all of them. */
export function queryProblems(compiler: Compiler, file: RuleFile): Problem[] {
  const { query = '' } = file;
  if (query.trim() === '') return [];
  // Which settings are the rule's is not known while its name or id is wrong.
  return compiler.compile(query, { approximate: true }).diagnostics.map((fault) => problemOf(file, fault));
}

const problemOf = (file: RuleFile, { code, message, severity, start }: Diagnostic): Problem => ({
  severity,
  code,
  message,
  file: file.file,
  ...file.queryPosition(start),
});

function largePlan(file: RuleFile, length: number, references: readonly Reference[]): Problem {
  const lists = [...references]
    .sort((a, b) => b.rows - a.rows)
    .map((list) => `${referenceName(list)}, ${list.rows} rows`);
  return {
    severity: 'warning',
    code: 'large-plan',
    message: `The plan has ${Math.ceil(length / 1024 / 1024)} MB, which every process of the app holds in memory. Lists in it: ${lists.slice(0, 3).join('; ') || 'none'}.`,
    file: file.file,
    ...file.queryPosition(0),
  };
}

/** Exclusions of settings.yaml as filters on the result. */
function exclusions(
  compiler: Compiler,
  allowed: QueryOptions,
  query: string,
  plan: Pipeline,
  settings: RuleSettings,
  file: string,
): { ops: Op[]; faults: Problem[] } {
  const faults: Problem[] = [];
  const ops: Op[] = [];
  for (const { predicate, line, column } of settings.exclusions) {
    // A predicate that is null does not hold: a row is taken away only where the predicate is true.
    const filter = `| where not(coalesce((${predicate}\n), false))`;
    const asWritten = compiler.compile(`${query}\n${filter}`, allowed);
    const compiled = asWritten.plan ? asWritten : compiler.compile(`${withoutEnd(query)}\n${filter}`, allowed);
    const added = compiled.plan?.ops.slice(plan.ops.length);
    if (added) ops.push(...added);
    else {
      const [first] = compiled.diagnostics.filter((d) => d.severity === 'error');
      const message = `Exclusion '${predicate}': ${first?.message ?? 'it is not a predicate on the result'}`;
      faults.push({ severity: 'error', code: first?.code ?? 'exclusion', message, file, line, column });
    }
  }
  return { ops, faults };
}

/** Without the `;` that a query may end with, and comments after it. */
const withoutEnd = (query: string): string => query.replace(/;(?:\s|\/\/[^\n]*(?:\n|$))*$/, '');

const MOST_NAMED = 15;

const columnList = (names: readonly string[]): string =>
  names.length <= MOST_NAMED
    ? `Columns: ${names.join(', ')}.`
    : `Columns: ${names.slice(0, MOST_NAMED).join(', ')} and ${names.length - MOST_NAMED} more.`;

/** Columns that mappings name and the result does not have: the alert would lack them in silence. */
function missingColumns(file: RuleFile, query: Pipeline, known: readonly { name: string }[]): Problem[] {
  const schema = preparePipeline(query).schema;
  if (!schema) return [];
  const names = new Set([...schema, ...known].map(({ name }) => name));
  return referencedColumns(file.rule!)
    .filter(({ columnName }) => !names.has(columnName))
    .map(
      ({ columnName, path }): Problem => ({
        severity: 'warning',
        code: 'unknown-column',
        message: `The query's result has no column '${columnName}': the alert will lack it.${didYouMean(columnName, [...names])} ${columnList([...names])}`,
        file: file.file,
        ...file.position(path),
      }),
    );
}

/** A result that grows without a key of its own would be another alert at every step. */
function whyNotEach(
  { eventGrouping }: AnalyticsRule,
  stream: StreamPlan,
  keyColumns: readonly string[] | undefined,
): string | undefined {
  if (eventGrouping !== 'AlertPerResult' || keyColumns || isResultFixed(stream)) return undefined;
  return 'it raises an alert for each result, and no columns are known to tell one result from another while others of its columns change';
}
