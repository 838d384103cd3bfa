import { z } from 'zod';
import {
  alertDetailsOverride,
  bool,
  customDetails,
  duration,
  entityMapping,
  integer,
  name,
  optional,
  ruleId,
  sentinelEntitiesMapping,
  severity,
  tactic,
  technique,
  text,
  textList,
  triggerOperator,
} from './shape';

const MINUTE = 60_000;
const DAY = 86_400_000;
/** Sentinel's own limit is 14 days; public rules are written with more. State is kept for all of it. */
const MAX_PERIOD_DAYS = 90;

const groupingConfiguration = z.object({
  enabled: optional(bool),
  reopenClosedIncident: optional(bool),
  lookbackDuration: optional(duration(5 * MINUTE, 7 * DAY)),
  matchingMethod: optional(
    name('matching method', ['AllEntities', 'AnyAlert', 'Selected'], {
      all: 'AllEntities',
      none: 'AnyAlert',
      custom: 'Selected',
    }),
  ),
  groupByEntities: optional(textList),
  groupByAlertDetails: optional(textList),
  groupByCustomDetails: optional(textList),
});

/**
 * Every field of an analytics rule file with its shape. The limits are those of Sentinel's resource provider:
 * https://learn.microsoft.com/rest/api/securityinsights/alert-rules/create-or-update and
 * https://github.com/Azure/Azure-Sentinel/wiki/Query-Style-Guide.
 */
export const FIELDS = {
  id: optional(ruleId),
  kind: optional(name('kind of rule', ['Scheduled', 'NRT'], { 'near real time': 'NRT' })),
  name: text,
  description: optional(text),
  'description-detailed': optional(text),
  severity: optional(severity),
  status: optional(text),
  version: optional(text),
  requiredDataConnectors: optional(z.array(z.object({ connectorId: text, dataTypes: optional(textList) }))),
  queryFrequency: optional(duration(5 * MINUTE, 14 * DAY)),
  queryPeriod: optional(duration(5 * MINUTE, MAX_PERIOD_DAYS * DAY)),
  triggerOperator: optional(triggerOperator),
  triggerThreshold: optional(integer(0, 10_000)),
  tactics: optional(z.array(tactic)),
  relevantTechniques: optional(z.array(technique)),
  techniques: optional(z.array(technique)),
  relevantSubTechniques: optional(z.array(technique)),
  subTechniques: optional(z.array(technique)),
  query: z.string(),
  entityMappings: optional(z.array(entityMapping)),
  sentinelEntitiesMappings: optional(z.array(sentinelEntitiesMapping)),
  customDetails: optional(customDetails),
  alertDetailsOverride: optional(alertDetailsOverride),
  eventGroupingSettings: optional(
    z.object({ aggregationKind: name('aggregation kind', ['SingleAlert', 'AlertPerResult']) }),
  ),
  incidentConfiguration: optional(
    z.object({ createIncident: optional(bool), groupingConfiguration: optional(groupingConfiguration) }),
  ),
  suppressionEnabled: optional(bool),
  suppressionDuration: optional(duration(5 * MINUTE, DAY)),
  enabled: optional(bool),
  tags: optional(z.array(z.unknown())),
  metadata: optional(z.unknown()),
} as const;

export type FieldName = keyof typeof FIELDS;

/** What the fields hold once their shapes fit. A field whose shape does not fit is undefined. */
export type FieldValues = { [K in FieldName]?: z.output<(typeof FIELDS)[K]> };

export const FIELD_NAMES = Object.keys(FIELDS) as FieldName[];
