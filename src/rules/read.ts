import { createHash } from 'node:crypto';
import type { Position } from '../plan/position';
import type { AnalyticsRule, IncidentConfiguration } from '../plan/rule';
import { checkRule, ruleKind } from './check-rule';
import { checkShape, isRecord, ProblemList, unknownField } from './check-shape';
import { entityTypeOf } from './entity-mappings';
import { FIELD_NAMES, FIELDS, type FieldName, type FieldValues } from './fields';
import type { FileFields } from './file-fields';
import { hasErrors, type Problem, sortProblems } from './problem';
import { joinProblems, type Path, type PlainValue, parseYaml, type YamlFile } from './yaml-file';

export interface ReadOptions {
  /** Accept hunting queries: files without severity, schedule and trigger. */
  hunting?: boolean;
}

/** A rule file as it was read. */
export interface RuleFile {
  file: string;
  /** All of the file. */
  text: string;
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

/**
 * Reads and checks an analytics rule from the text of its YAML file. Never throws on what the file holds: all that is
 * wrong comes back as problems, all of them in one run.
 */
export function readRule(text: string, file: string, options: ReadOptions = {}): RuleFile {
  return readParsed(parseYaml(text, file), text, file, options);
}

/** As `readRule`, of a file that was parsed before. */
export function readParsed(yaml: YamlFile, text: string, file: string, options: ReadOptions = {}): RuleFile {
  const list = new ProblemList(yaml, file);
  let rule: AnalyticsRule | undefined;
  let query: string | undefined;
  if (isRecord(yaml.value) && isCustomDetection(yaml.value)) {
    list.add(
      'error',
      'custom-detection',
      'This is a custom detection of Defender XDR, not a rule of Sentinel: put its queryText into a file with id, name, severity, schedule, trigger and query.',
      ['kind'],
    );
  } else if (isRecord(yaml.value)) {
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
      'The file holds no rule: it must be a YAML mapping with id, name, query and so on.',
      [],
    );
  }
  return {
    file,
    text,
    rule,
    query,
    problems: joinProblems(yaml.problems, list.problems),
    queryPosition: (offset) => yaml.positionInText(['query'], offset),
    position: (path) => yaml.position(path),
  };
}

/** A detection as Defender XDR deploys it: other fields, and the query inside its properties. */
export const isCustomDetection = (file: { readonly [key: string]: PlainValue }): boolean =>
  file.kind === 'CustomDetection';

/** Reports every id that more than one of the rules has, at each of them but the first. */
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
    problems.push({ severity: 'error', code: 'duplicate-id', message, file: each.file, ...each.position(['id']) });
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
  return { values: values as FieldValues, written, list };
}

/** Called only for fields without errors, so what a kind requires is there. */
function makeRule(kind: AnalyticsRule['kind'], { values, written }: FileFields, file: string): AnalyticsRule {
  const techniques = [values.relevantTechniques, values.techniques, values.relevantSubTechniques, values.subTechniques];
  const isScheduled = kind === 'Scheduled';
  return {
    file,
    kind,
    id: values.id ?? idOf(values.name!),
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

/** An id for what has none: the same for the same name. */
const idOf = (name: string): string =>
  createHash('sha256')
    .update(name)
    .digest('hex')
    .replace(/^(.{8})(.{4})(.{4})(.{4})(.{12}).*$/, '$1-$2-$3-$4-$5');

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
