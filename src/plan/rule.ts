/** How often a scheduled rule runs and how far it looks back, in milliseconds. */
export interface Schedule {
  frequencyMs: number;
  periodMs: number;
}

/** Sentinel's names for the comparison of the number of result rows with the threshold. */
export type TriggerOperator =
  | 'GreaterThan'
  | 'GreaterThanOrEqual'
  | 'LessThan'
  | 'LessThanOrEqual'
  | 'Equal'
  | 'NotEqual';

export interface Trigger {
  operator: TriggerOperator;
  threshold: number;
}

export type Severity = 'Informational' | 'Low' | 'Medium' | 'High';

/** One entity that each result row yields: its identifiers, each from a column of the result. */
export interface EntityMapping {
  entityType: string;
  fieldMappings: { identifier: string; columnName: string }[];
}

/** Alert texts and fields taken from the result. Formats hold `{{Column}}` placeholders. */
export interface AlertDetailsOverride {
  alertDisplayNameFormat?: string;
  alertDescriptionFormat?: string;
  alertTacticsColumnName?: string;
  alertSeverityColumnName?: string;
  alertDynamicProperties?: { alertProperty: string; value: string }[];
}

/** How Sentinel would make incidents of the alerts. Read and checked, carried along, not acted on. */
export interface IncidentConfiguration {
  createIncident: boolean;
  groupingConfiguration?: {
    enabled: boolean;
    reopenClosedIncident: boolean;
    lookbackDurationMs?: number;
    matchingMethod: 'AllEntities' | 'AnyAlert' | 'Selected';
    groupByEntities: string[];
    groupByAlertDetails: string[];
    groupByCustomDetails: string[];
  };
}

/** A checked analytics rule in normal form. Plain data: survives JSON. */
export interface AnalyticsRule {
  /** Path of the file as it was given. */
  file: string;
  /** `Hunting` only where hunting queries were asked for. */
  kind: 'Scheduled' | 'NRT' | 'Hunting';
  /** GUID, lower case. */
  id: string;
  name: string;
  /** Without the quotes that rule files put around it by convention; empty if there is none. */
  description: string;
  /** `Informational` for a hunting query, which has none. */
  severity: Severity;
  status?: string;
  version?: string;
  requiredDataConnectors: { connectorId: string; dataTypes: string[] }[];
  /** Absent for NRT rules and hunting queries. */
  schedule?: Schedule;
  /** For NRT rules and hunting queries: more than 0 rows. */
  trigger: Trigger;
  /** Sentinel's spelling: `LateralMovement`. */
  tactics: string[];
  /** Techniques and sub-techniques, upper case, in the order of the file: `T1021.003`. */
  techniques: string[];
  /** The KQL text exactly as the YAML gives it. */
  query: string;
  entityMappings: EntityMapping[];
  /** Columns that hold lists of whole entities. */
  sentinelEntitiesMappings: { columnName: string }[];
  /** Name shown in the alert and the column its values come from. */
  customDetails: { name: string; columnName: string }[];
  alertDetailsOverride?: AlertDetailsOverride;
  eventGrouping: 'SingleAlert' | 'AlertPerResult';
  incidentConfiguration?: IncidentConfiguration;
  suppression: { enabled: boolean; durationMs?: number };
  tags: string[];
  /** Every field of the file as it was written, scalars as text. */
  raw: Record<string, unknown>;
}
