import { formatDuration } from '../plan/duration';
import type { AnalyticsRule } from '../plan/rule';
import { checkCustomDetails, checkEntities, checkFormats, checkMitre } from './check-limits';
import type { FieldName } from './fields';
import type { FileFields } from './file-fields';
import type { PlainValue } from './yaml-file';

const HOUR = 3_600_000;
const DAY = 86_400_000;
const SENTINEL_PERIOD = 14 * DAY;

const SCHEDULE_FIELDS = ['queryFrequency', 'queryPeriod', 'triggerOperator', 'triggerThreshold'] as const;

/** The kind that a file has or shows by its fields; undefined where it is a hunting query and none was asked for. */
export function ruleKind(fields: FileFields, hunting: boolean): AnalyticsRule['kind'] | undefined {
  const { values, written, list } = fields;
  const isUnscheduled = SCHEDULE_FIELDS.every((field) => !has(written, field));
  // Some hunting queries have a severity, some even a kind; whoever asks for hunting queries does not look for a schedule.
  if (isUnscheduled && hunting && values.kind !== 'NRT') return 'Hunting';
  if (values.kind) return values.kind;
  if (has(written, 'kind')) return 'Scheduled';
  if (!isUnscheduled || has(written, 'severity')) return 'Scheduled';
  list.add(
    'error',
    'hunting-query',
    'This is a hunting query: it has no severity, no schedule and no trigger. Add severity, queryFrequency, queryPeriod, triggerOperator and triggerThreshold, or ask for hunting queries.',
    [],
  );
  return undefined;
}

/** The checks that look at more than one field. */
export function checkRule(kind: AnalyticsRule['kind'], fields: FileFields): void {
  if (kind === 'Scheduled') checkScheduled(fields);
  else checkUnscheduled(kind, fields);
  if (kind !== 'Hunting') requireFields(fields, kind, ['id', 'severity']);
  else if (!has(fields.written, 'id'))
    fields.list.add(
      'warning',
      'missing-id',
      'The hunting query has no id: one is made of its name. Give it a GUID of its own, which stays when the name changes.',
      [],
    );
  checkSuppression(fields);
  checkMitre(fields);
  checkEntities(fields);
  checkCustomDetails(fields);
  checkFormats(fields);
  checkIncidents(fields);
  checkQuery(fields);
  const version = fields.values.version;
  if (version && !/^\d+\.\d+\.\d+$/.test(version)) {
    fields.list.add('warning', 'bad-version', `"${version}" is no version of the form 1.0.0.`, ['version']);
  }
}

function checkScheduled(fields: FileFields): void {
  requireFields(fields, 'Scheduled', SCHEDULE_FIELDS);
  const { queryFrequency: frequency, queryPeriod: period } = fields.values;
  if (!frequency || !period) return;
  if (frequency > period) {
    fields.list.add(
      'error',
      'frequency-exceeds-period',
      `The rule runs every ${formatDuration(frequency)} but looks back ${formatDuration(period)} only: events between would never be seen. Make queryPeriod at least queryFrequency.`,
      ['queryFrequency'],
    );
  }
  if (period > SENTINEL_PERIOD) {
    fields.list.add(
      'warning',
      'long-period',
      `Sentinel allows a queryPeriod of up to ${formatDuration(SENTINEL_PERIOD)}, this one is ${formatDuration(period)}: it runs here, with state kept for all of it, but cannot be deployed there.`,
      ['queryPeriod'],
    );
  }
  if (period >= 2 * DAY && frequency < HOUR) {
    fields.list.add(
      'warning',
      'frequent-long-period',
      `Sentinel allows a queryPeriod of 2d or more only with a queryFrequency of at least 1h, this one is ${formatDuration(frequency)}. It runs here, but cannot be deployed there.`,
      ['queryFrequency'],
    );
  }
}

function checkUnscheduled(kind: 'NRT' | 'Hunting', { written, list }: FileFields): void {
  for (const field of SCHEDULE_FIELDS) {
    if (has(written, field)) {
      list.add(
        'warning',
        'ignored-field',
        `${kind === 'NRT' ? 'An NRT rule' : 'A hunting query'} has no ${field}: it is ignored, remove it.`,
        [field],
        'key',
      );
    }
  }
}

function requireFields({ written, list }: FileFields, kind: string, names: readonly FieldName[]): void {
  for (const field of names) {
    if (!has(written, field))
      list.add(
        'error',
        'missing-field',
        `"${field}" is missing: ${kind === 'NRT' ? 'an' : 'a'} ${kind} rule needs it.`,
        [],
      );
  }
}

function checkSuppression({ values, list }: FileFields): void {
  const { suppressionDuration, suppressionEnabled, queryFrequency } = values;
  if (suppressionEnabled && suppressionDuration == null) {
    list.add(
      'error',
      'missing-field',
      '"suppressionDuration" is missing: say for how long alerts are suppressed, such as 5h.',
      ['suppressionEnabled'],
    );
  }
  if (suppressionDuration && queryFrequency && suppressionDuration < queryFrequency) {
    list.add(
      suppressionEnabled ? 'error' : 'warning',
      'suppression-below-frequency',
      `Suppression for ${formatDuration(suppressionDuration)} ends before the next run, ${formatDuration(queryFrequency)} later. Make suppressionDuration at least queryFrequency.`,
      ['suppressionDuration'],
    );
  }
}

function checkIncidents({ values, list }: FileFields): void {
  const grouping = values.incidentConfiguration?.groupingConfiguration;
  if (grouping?.matchingMethod !== 'Selected') return;
  if (grouping.groupByEntities?.length || grouping.groupByAlertDetails?.length || grouping.groupByCustomDetails?.length)
    return;
  list.add(
    'error',
    'nothing-selected',
    'Grouping by selected fields selects none: name some in groupByEntities, groupByAlertDetails or groupByCustomDetails.',
    ['incidentConfiguration', 'groupingConfiguration', 'matchingMethod'],
  );
}

function checkQuery({ values, list }: FileFields): void {
  const query = values.query;
  if (query === undefined) return;
  if (query.trim() === '')
    list.add('error', 'empty-query', 'The query is empty: write the KQL of the rule here.', ['query']);
  if (query.length > 10_000) {
    list.add(
      'warning',
      'long-query',
      `The query has ${query.length} characters. Sentinel allows 10000: it runs here, but cannot be deployed there.`,
      ['query'],
    );
  }
}

function has(written: { [key: string]: PlainValue }, field: string): boolean {
  return Object.hasOwn(written, field) && written[field] !== null;
}
