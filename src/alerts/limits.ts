/** What is kept of a large result. Whatever is left out is counted in the alert's `ExtendedProperties`. */
export interface AlertLimits {
  /** Alerts of one run under AlertPerResult; the last one stands for the whole result. Sentinel: 150, and 30 for NRT. */
  alertsPerRun: number;
  /** Entities of one alert, shared equally among the rule's mappings. Sentinel: 500. */
  entities: number;
  /** JSON length of all entities of one alert, in UTF-8 bytes. Sentinel: 64 KB. */
  entitiesBytes: number;
  /** JSON length of the custom details of one alert, in UTF-8 bytes. Sentinel: 64 KB with the alert details. */
  customDetailsBytes: number;
  /** Result rows carried in one alert. */
  results: number;
  /** JSON length of the result rows carried in one alert, in UTF-8 bytes. */
  resultsBytes: number;
}

/**
 * https://learn.microsoft.com/azure/sentinel/scheduled-rules-overview#event-grouping,
 * https://learn.microsoft.com/azure/sentinel/near-real-time-rules,
 * https://learn.microsoft.com/azure/sentinel/map-data-fields-to-entities,
 * https://learn.microsoft.com/azure/sentinel/surface-custom-details-in-alerts.
 * The two limits on results are our own: attackers choose group keys, and a result can have any size.
 */
export function defaultLimits(kind: 'Scheduled' | 'NRT' | 'Hunting'): AlertLimits {
  return {
    alertsPerRun: kind === 'NRT' ? 30 : 150,
    entities: 500,
    entitiesBytes: 65_536,
    customDetailsBytes: 65_536,
    results: 1_000,
    resultsBytes: 1_000_000,
  };
}

/** Length of a value's JSON in UTF-8 bytes. */
export function jsonBytes(value: unknown): number {
  return Buffer.byteLength(JSON.stringify(value) ?? '');
}
