import type { Position } from '../plan/position';
import type { AnalyticsRule, IncidentConfiguration } from '../plan/rule';
import { checkRule, ruleKind } from './check-rule';
import { checkShape, isRecord, ProblemList, unknownField } from './check-shape';
import { entityTypeOf } from './entity-mappings';
import { FIELD_NAMES, FIELDS, type FieldName, type FieldValues } from './fields';
import type { FileFields } from './file-fields';
import { parseJsonFile, rulesOf, viewOf } from './formats';
import { hasErrors, type Problem, sortProblems } from './problem';
import { derivedId, isGuid } from './rule-id';
import { joinProblems, type Path, type PlainValue, parseYaml, type YamlFile } from './yaml-file';

export interface ReadOptions {
  /** Accept hunting queries: files without severity, schedule and trigger. */
  hunting?: boolean;
}

/** A rule file as it was read. */
export interface RuleFile {
  file: string;
  /** Absent if `problems` holds an error. */
  rule?: AnalyticsRule;
  /** The query, also where other fields are wrong. */
  query?: string;
  /** Every problem of the file, by position. */
  problems: Problem[];
  /** Where in the file character `offset` (UTF-16 units) of `rule.query` was written. */
  queryPosition(offset: number): Position;
  /** Where the value of a field was written, such as `['entityMappings', 0, 'entityType']`. */
  position(path: Path): Position;
}

/** The rules of one file. */
export interface RulesOfFile {
  readonly rules: readonly RuleFile[];
  /** Problems of the file that are no rule's. */
  readonly problems: readonly Problem[];
}

/**
 * Reads and checks an analytics rule from the text of its YAML file. Never throws on what the file holds: all that is
 * wrong comes back as problems, all of them in one run.
 */
export const readRule = (text: string, file: string, options: ReadOptions = {}): RuleFile =>
  readOne(parseYaml(text, file), file, options);

/** A file as its extension says: JSON, else YAML. */
export const parseRuleFile = (text: string, file: string): YamlFile =>
  /\.json$/i.test(file) ? parseJsonFile(text, file) : parseYaml(text, file);

/** The rules of a parsed file: a rule file has one; exports and packages of Sentinel have any number; a custom detection of Defender XDR is one. */
export function readRules(source: YamlFile, file: string, options: ReadOptions = {}): RulesOfFile {
  const written = rulesOf(source.value);
  if (!written) return { rules: [readOne(source, file, options)], problems: [] };
  const list = new ProblemList(source, file);
  for (const { severity, code, message, at } of written.faults) list.add(severity, code, message, at);
  return { rules: written.rules.map((rule) => readOne(viewOf(source, rule), file, options)), problems: list.problems };
}

function readOne(yaml: YamlFile, file: string, options: ReadOptions): RuleFile {
  const list = new ProblemList(yaml, file);
  let rule: AnalyticsRule | undefined;
  let query: string | undefined;
  if (isRecord(yaml.value)) {
    const fields = readFields(yaml.value, list);
    query = fields.values.query;
    const kind = ruleKind(fields, options.hunting === true);
    if (kind !== undefined) {
      checkRule(kind, fields);
      if (!hasErrors([...yaml.problems, ...list.problems])) rule = makeRule(kind, fields, file);
    }
  } else if (!hasErrors(yaml.problems)) {
    list.add(
      'error',
      'not-a-rule',
      'The file holds no rule: it must be a YAML mapping with id, name, query and so on, or an export of Sentinel.',
      [],
    );
  }
  return {
    file,
    rule,
    query,
    problems: joinProblems(yaml.problems, list.problems),
    queryPosition: (offset) => yaml.positionInText(['query'], offset),
    position: (path) => yaml.position(path),
  };
}

/** Reports every id that more than one of the rules has, at each of them but the first, and adds it to their problems. */
export function findDuplicateIds(files: readonly RuleFile[]): Problem[] {
  const first = new Map<string, RuleFile>();
  const problems: Problem[] = [];
  for (const each of files) {
    if (each.rule === undefined) continue;
    const { id } = each.rule;
    const other = first.get(id);
    if (other === undefined) {
      first.set(id, each);
      continue;
    }
    const message = `The id ${id} is also that of "${other.rule?.name}" in ${other.file}: give one of them a new GUID.`;
    const problem: Problem = {
      ...{ severity: 'error', code: 'duplicate-id', message, file: each.file },
      ...each.position(['id']),
    };
    each.problems.push(problem);
    problems.push(problem);
  }
  return sortProblems(problems);
}

function readFields(written: { [key: string]: PlainValue }, list: ProblemList): FileFields {
  for (const key of Object.keys(written)) {
    if (!Object.hasOwn(FIELDS, key)) list.add('warning', 'unknown-field', unknownField(key, FIELD_NAMES), [key], 'key');
  }
  const values: Partial<Record<FieldName, unknown>> = {};
  for (const field of FIELD_NAMES) {
    values[field] = checkShape(
      FIELDS[field],
      Object.hasOwn(written, field) ? written[field] : undefined,
      [field],
      list,
    );
  }
  const id = values.id as string | undefined | null;
  if (id && !isGuid(id)) {
    values.id = derivedId(id);
    list.add(
      'warning',
      'bad-id',
      `"${id}" is no GUID: ${values.id} is made of it. Give the rule a GUID and keep it: alert ids depend on it.`,
      ['id'],
    );
  } else if (id) values.id = id.toLowerCase();
  return { values: values as FieldValues, written, list };
}

/** Called only for fields without errors, so what a kind requires is there. */
function makeRule(kind: AnalyticsRule['kind'], { values, written }: FileFields, file: string): AnalyticsRule {
  const techniques = [values.relevantTechniques, values.techniques, values.relevantSubTechniques, values.subTechniques];
  const isScheduled = kind === 'Scheduled';
  return {
    file,
    kind,
    id: values.id ?? derivedId(values.name!),
    name: values.name!,
    description: unquote(values.description ?? ''),
    severity: values.severity ?? 'Informational',
    status: values.status ?? undefined,
    version: values.version ?? undefined,
    requiredDataConnectors: (values.requiredDataConnectors ?? []).map(({ connectorId, dataTypes }) => ({
      connectorId,
      dataTypes: dataTypes ?? [],
    })),
    schedule: isScheduled ? { frequencyMs: values.queryFrequency!, periodMs: values.queryPeriod! } : undefined,
    trigger: isScheduled
      ? { operator: values.triggerOperator!, threshold: values.triggerThreshold! }
      : { operator: 'GreaterThan', threshold: 0 },
    tactics: unique(values.tactics ?? []),
    techniques: unique(techniques.flatMap((ids) => ids ?? [])),
    query: values.query!,
    entityMappings: (values.entityMappings ?? []).map(({ entityType, fieldMappings }) => ({
      entityType: entityTypeOf(entityType)?.name ?? entityType,
      fieldMappings,
    })),
    sentinelEntitiesMappings: values.sentinelEntitiesMappings ?? [],
    customDetails: Object.entries(values.customDetails ?? {}).map(([name, columnName]) => ({ name, columnName })),
    alertDetailsOverride: withoutNulls(values.alertDetailsOverride),
    eventGrouping: values.eventGroupingSettings?.aggregationKind ?? 'SingleAlert',
    incidentConfiguration: incidents(values.incidentConfiguration),
    suppression: { enabled: values.suppressionEnabled ?? false, durationMs: values.suppressionDuration ?? undefined },
    tags: (values.tags ?? []).map((tag) => (typeof tag === 'string' ? tag : JSON.stringify(tag))),
    raw: written,
  };
}

function incidents(values: FieldValues['incidentConfiguration']): IncidentConfiguration | undefined {
  if (!values) return undefined;
  const grouping = values.groupingConfiguration;
  return {
    createIncident: values.createIncident ?? true,
    groupingConfiguration: grouping
      ? {
          enabled: grouping.enabled ?? false,
          reopenClosedIncident: grouping.reopenClosedIncident ?? false,
          lookbackDurationMs: grouping.lookbackDuration ?? undefined,
          matchingMethod: grouping.matchingMethod ?? 'AllEntities',
          groupByEntities: grouping.groupByEntities ?? [],
          groupByAlertDetails: grouping.groupByAlertDetails ?? [],
          groupByCustomDetails: grouping.groupByCustomDetails ?? [],
        }
      : undefined,
  };
}

type WithoutNulls<T> = { [K in keyof T]: Exclude<T[K], null> };

function withoutNulls<T extends object>(value: T | null | undefined): WithoutNulls<T> | undefined {
  if (!value) return undefined;
  return Object.fromEntries(Object.entries(value).filter(([, each]) => each != null)) as WithoutNulls<T>;
}

/** Rule files quote their description inside a block scalar: `'This query …'`. The quotes are not part of it. */
function unquote(description: string): string {
  const quoted = /^(['"])([\s\S]*)\1$/.exec(description);
  return (quoted ? quoted[2]! : description).trim();
}

function unique<T>(items: readonly T[]): T[] {
  return [...new Set(items)];
}
