/**
 * One alert, with the column names of Sentinel's SecurityAlert table, so that queries and playbooks written for it work
 * on it. https://learn.microsoft.com/azure/sentinel/security-alert-schema. The record is its own JSON form: what
 * SecurityAlert keeps as JSON text (`Entities`, `ExtendedProperties`, `CustomDetails`) is structured here.
 * All times are UTC, ISO 8601 with seven decimals and `Z`. Immutable per (`SystemAlertId`, `Revision`).
 */
export interface Alert {
  /** GUID made from what the alert is about: the same on every run, in every process. */
  SystemAlertId: string;
  /** From 1; a different result for the same window is the next revision of the same alert. */
  Revision: number;
  /** When this revision was made. */
  TimeGenerated: string;
  /** As `TimeGenerated`. */
  ProcessingEndTime: string;
  /** The rule's name, or what `alertDetailsOverride` makes of it. */
  AlertName: string;
  /** Same as `AlertName`. */
  DisplayName: string;
  AlertSeverity: AlertSeverity;
  /** The rule's id. */
  AlertType: string;
  Description: string;
  /** `New`; `Withdrawn` for a revision that takes the alert back, because its result is gone. */
  Status: 'New' | 'Withdrawn';
  /**
   * First event: the least value of the result's StartTime, StartTimeUtc, min_TimeGenerated or TimeGenerated column (the
   * first of them that is a datetime and has a value); without one, the start of the window.
   */
  StartTime: string;
  /** Last event: the same with EndTime, EndTimeUtc, max_TimeGenerated, TimeGenerated, and the end of the window. */
  EndTime: string;
  /** First instant that the run looked at. */
  WindowStart: string;
  /** First instant after those that the run looked at. */
  WindowEnd: string;
  /** The run could not see all of its window's events; a later revision corrects it where that matters. */
  Incomplete: boolean;
  /** MITRE ATT&CK tactics, comma-separated, in Sentinel's spelling. */
  Tactics: string;
  /** MITRE ATT&CK techniques and sub-techniques, comma-separated. */
  Techniques: string;
  ProviderName: string;
  VendorName: string;
  ProductName: string;
  /** `Scheduled Alerts`, `NRT Alerts` or `Hunting`. */
  ProductComponentName: string;
  /** As `SystemAlertId`. */
  VendorOriginalId: string;
  AlertLink: string;
  ConfidenceLevel: string;
  ConfidenceScore: number | null;
  RemediationSteps: string;
  ExtendedLinks: string;
  /** The main entity: the first host, else the first account, else empty. */
  CompromisedEntity: string;
  Entities: AlertEntity[];
  /** The values of each custom detail, as text, each once, in the order of the result. */
  CustomDetails: Record<string, string[]>;
  /** Facts of the rule and its run, as text, under Sentinel's names (`Query`, `Trigger Operator` …). */
  ExtendedProperties: Record<string, string>;
  /** The result rows, objects by column name; datetimes as ISO 8601 with seven decimals. */
  Results: ResultRow[];
  Type: 'SecurityAlert';
}

export type AlertSeverity = 'Informational' | 'Low' | 'Medium' | 'High';

/** A result row by column name. */
export type ResultRow = Record<string, unknown>;

/** Stands for another entity of the same alert, by its `$id`. */
export interface EntityReference {
  $ref: string;
}

/**
 * An entity in Sentinel's JSON form: `{"$id":"2","CommandLine":"…","Host":{"$ref":"1"},"Type":"process"}`.
 * A reference points only at an entity before it. https://learn.microsoft.com/azure/sentinel/entities-reference
 */
export interface AlertEntity {
  $id: string;
  Type: string;
  [property: string]: string | boolean | EntityReference | EntityReference[];
}

/** What building alerts needs to know of a rule; an `AnalyticsRule` is one. */
export interface AlertingRule {
  id: string;
  name: string;
  description: string;
  kind: 'Scheduled' | 'NRT' | 'Hunting';
  severity: AlertSeverity;
  version?: string;
  tactics: readonly string[];
  techniques: readonly string[];
  query: string;
  schedule?: { periodMs: number };
  trigger: { operator: string; threshold: number };
  eventGrouping: 'SingleAlert' | 'AlertPerResult';
  entityMappings: readonly {
    entityType: string;
    fieldMappings: readonly { identifier: string; columnName: string }[];
  }[];
  customDetails: readonly { name: string; columnName: string }[];
  alertDetailsOverride?: {
    alertDisplayNameFormat?: string;
    alertDescriptionFormat?: string;
    alertTacticsColumnName?: string;
    alertSeverityColumnName?: string;
    alertDynamicProperties?: readonly { alertProperty: string; value: string }[];
  };
}

/** A query result with cells ready for JSON: datetimes as ISO 8601 text, dynamic values as JSON, null for null. */
export interface ResultTable {
  columns: readonly { name: string; type: string }[];
  rows: readonly (readonly unknown[])[];
}

/** [start, end) of a run in ISO 8601 with seven decimals. */
export interface RunWindow {
  start: string;
  end: string;
}
