import type { Alert, AlertEntity, AlertingRule, ResultRow, ResultTable, RunWindow } from './alert';
import { ResultReader } from './cell';
import { alertTexts, customDetails, dynamicProperties } from './details';
import { buildEntities } from './entities';
import { extendedProperties } from './extended-properties';
import { resultAlertIds, runAlertId } from './identity';
import { type AlertLimits, defaultLimits, jsonBytes } from './limits';
import { eventTimes } from './times';

export interface BuildOptions {
  /** When the alerts are made, ISO 8601 with seven decimals. */
  generatedAt: string;
  /** Columns that are keys of the query's last `summarize`, where it has one: they tell results apart. */
  keyColumns?: readonly string[];
  /** The run could not see all events of its window. Default false. */
  incomplete?: boolean;
  /** Overrides of Sentinel's limits and our own. */
  limits?: Partial<AlertLimits>;
}

export interface BuiltAlerts {
  /** Revision 1 of each alert, in the order of the rows. */
  alerts: Alert[];
  /** Rows that have no alert of their own, because the run reached its limit; they are counted in the last alert. */
  withoutOwnAlert: number;
}

/**
 * Makes the alerts of one run whose trigger has fired, from its result. SingleAlert: one for all rows. AlertPerResult: one a row;
 * above the limit (150) the last alert stands for the whole result, as in Sentinel. With no rows (a trigger such as
 * `lt 1`) there is one alert for the run. The result's values are data: nothing in them changes the shape of an alert.
 */
export function buildAlerts(
  rule: AlertingRule,
  table: ResultTable,
  window: RunWindow,
  options: BuildOptions,
): BuiltAlerts {
  const limits = { ...defaultLimits(rule.kind), ...options.limits };
  const builder = new AlertBuilder(rule, table, window, options, limits);
  const rows = table.rows;
  if (rule.eventGrouping === 'SingleAlert' || rows.length === 0) {
    return { alerts: [builder.build(runAlertId(rule.id, window), rows, 0)], withoutOwnAlert: 0 };
  }
  const ids = resultAlertIds(rule.id, window, table, options.keyColumns);
  const own = rows.length <= limits.alertsPerRun ? rows.length : limits.alertsPerRun - 1;
  const alerts = rows.slice(0, own).map((row, index) => builder.build(ids[index]!, [row], 0));
  const rest = rows.length - own;
  if (rest > 0) alerts.push(builder.build(runAlertId(rule.id, window), rows, rest));
  return { alerts, withoutOwnAlert: rest };
}

class AlertBuilder {
  readonly #reader: ResultReader;

  constructor(
    readonly rule: AlertingRule,
    readonly table: ResultTable,
    readonly window: RunWindow,
    readonly options: BuildOptions,
    readonly limits: AlertLimits,
  ) {
    this.#reader = new ResultReader(table);
  }

  build(id: string, rows: ResultTable['rows'], withoutOwnAlert: number): Alert {
    const { rule, table, window, options, limits } = this;
    const texts = alertTexts(rule, this.#reader, rows);
    const dynamic = dynamicProperties(rule, this.#reader, rows);
    const { entities, omitted: omittedEntities } = buildEntities(rule, this.#reader, rows, limits);
    const { details, omitted: omittedDetails } = customDetails(rule, this.#reader, rows, limits);
    const results = resultRows(table, rows, limits);
    const times = eventTimes(table, rows, window);
    const confidence = Number(dynamic.get('ConfidenceScore') ?? Number.NaN);
    return {
      SystemAlertId: id,
      Revision: 1,
      TimeGenerated: options.generatedAt,
      ProcessingEndTime: options.generatedAt,
      AlertName: texts.name,
      DisplayName: texts.name,
      AlertSeverity: texts.severity,
      AlertType: rule.id,
      Description: texts.description,
      Status: 'New',
      StartTime: times.start,
      EndTime: times.end,
      WindowStart: window.start,
      WindowEnd: window.end,
      Incomplete: options.incomplete ?? false,
      Tactics: texts.tactics.join(','),
      Techniques: techniques(rule, dynamic),
      ProviderName: dynamic.get('ProviderName') ?? 'Outrider',
      VendorName: 'Outrider',
      ProductName: dynamic.get('ProductName') ?? 'Outrider',
      ProductComponentName: dynamic.get('ProductComponentName') ?? COMPONENTS[rule.kind],
      VendorOriginalId: id,
      AlertLink: dynamic.get('AlertLink') ?? '',
      ConfidenceLevel: dynamic.get('ConfidenceLevel') ?? '',
      ConfidenceScore: confidence >= 0 && confidence <= 1 ? confidence : null,
      RemediationSteps: dynamic.get('RemediationSteps') ?? '',
      ExtendedLinks: dynamic.get('ExtendedLinks') ?? '',
      CompromisedEntity: mainEntity(entities),
      Entities: entities,
      CustomDetails: details,
      ExtendedProperties: extendedProperties({
        rule,
        window,
        overallCount: table.rows.length,
        details,
        omitted: {
          entities: omittedEntities,
          customDetails: omittedDetails,
          results: rows.length - results.length,
          alerts: withoutOwnAlert,
        },
      }),
      Results: results,
      Type: 'SecurityAlert',
    };
  }
}

const COMPONENTS = { Scheduled: 'Scheduled Alerts', NRT: 'NRT Alerts', Hunting: 'Hunting' } as const;

/** Rows as objects, as many as the limits allow. A column may have any name, `__proto__` included. */
function resultRows(table: ResultTable, rows: ResultTable['rows'], limits: AlertLimits): ResultRow[] {
  const results: ResultRow[] = [];
  let bytes = 2;
  for (const row of rows.slice(0, limits.results)) {
    const result = Object.fromEntries(table.columns.map(({ name }, index) => [name, row[index] ?? null]));
    bytes += jsonBytes(result) + 1;
    // One row is always carried: an alert without any says nothing.
    if (bytes > limits.resultsBytes && results.length > 0) break;
    results.push(result);
  }
  return results;
}

function techniques(rule: AlertingRule, dynamic: ReadonlyMap<string, string>): string {
  const own = ['Techniques', 'SubTechniques'].flatMap(
    (name) =>
      dynamic
        .get(name)
        ?.toUpperCase()
        .match(/T\d{4}(\.\d{3})?/g) ?? [],
  );
  return [...new Set(own.length > 0 ? own : rule.techniques)].join(',');
}

function mainEntity(entities: readonly AlertEntity[]): string {
  const text = (entity: AlertEntity | undefined, name: string) =>
    typeof entity?.[name] === 'string' ? (entity[name] as string) : '';
  const host = entities.find((entity) => entity.Type === 'host');
  if (host)
    return [text(host, 'HostName') || text(host, 'NetBiosName') || text(host, 'AzureID'), text(host, 'DnsDomain')]
      .filter(Boolean)
      .join('.');
  const account = entities.find((entity) => entity.Type === 'account');
  const domain = text(account, 'NTDomain');
  const suffix = text(account, 'UPNSuffix');
  return `${domain && `${domain}\\`}${text(account, 'Name') || text(account, 'Sid')}${suffix && `@${suffix}`}`;
}
