import { isObject, type JsonObject, own, ownObject, scalarText, toJson } from '../json';
import { normalizeTime } from '../time';
import { readXmlText } from './raw-xml';
import type { RecordShape } from './shape';

/** Categories whose records have a table of their own, whose columns are the properties with a capital letter. */
const ENTRA_TABLES = new Map([
  ['SignInLogs', 'SigninLogs'],
  ['NonInteractiveUserSignInLogs', 'AADNonInteractiveUserSignInLogs'],
  ['ServicePrincipalSignInLogs', 'AADServicePrincipalSignInLogs'],
  ['ManagedIdentitySignInLogs', 'AADManagedIdentitySignInLogs'],
  ['AuditLogs', 'AuditLogs'],
]);
const ACTIVITY = new Set([
  'Administrative',
  'Security',
  'ServiceHealth',
  'Alert',
  'Recommendation',
  'Policy',
  'Autoscale',
  'ResourceHealth',
]);
const HUNTING = 'AdvancedHunting-';

/**
 * The envelope of Azure diagnostic settings and of Defender XDR's streaming API.
 * https://learn.microsoft.com/azure/azure-monitor/platform/resource-logs-schema
 * https://learn.microsoft.com/defender-xdr/streaming-api-event-hub
 * `AdvancedHunting-TABLE` is a row of that table; Entra ID's categories and the activity log have their tables; every
 * other category is a row of AzureDiagnostics, its properties with the suffix of their type. The Windows events of Azure's
 * diagnostics extension carry the event's XML.
 */
export const diagnostic: RecordShape = {
  name: 'Azure diagnostic settings',
  hints: ['resourceId', 'category', 'operationName', 'properties', 'time', 'correlationId'],
  matches: (record) =>
    Object.hasOwn(record, 'time') && (Object.hasOwn(record, 'category') || Object.hasOwn(record, 'resourceId')),
  read: (record, out) => {
    const category = scalarText(own(record, 'category')) ?? '';
    const properties = ownObject(record, 'properties');
    const xml = own(properties, 'RawXml');
    if (typeof xml === 'string') {
      readXmlText(xml, out, { message: scalarText(own(properties, 'Description')) });
      return;
    }
    if (category === 'WindowsEventLogsTable') {
      out.reject('unknown-shape', 'a Windows event of the diagnostics extension without RawXml', () => toJson(record));
      return;
    }
    const given = own(properties, 'Timestamp') ?? own(record, 'time');
    const time = normalizeTime(given);
    if (time === undefined) {
      out.reject('no-time', `time is not a time: ${toJson(given).slice(0, 80)}`, () => toJson(record));
      return;
    }
    const [table, fields] = rowOf(record, category, properties);
    out.row(table, { ...fields, TimeGenerated: time, Type: table });
  },
};

function rowOf(record: JsonObject, category: string, properties: JsonObject): [table: string, fields: JsonObject] {
  if (category.startsWith(HUNTING)) {
    const { Timestamp: _time, ...columns } = withoutPrototype(properties);
    return [category.slice(HUNTING.length), columns];
  }
  const entra = ENTRA_TABLES.get(category);
  if (entra !== undefined) return [entra, { ...capitalized(envelope(record)), ...capitalized(properties, entra) }];
  if (ACTIVITY.has(category)) return ['AzureActivity', activity(record, category, properties)];
  return ['AzureDiagnostics', { ...diagnosticsEnvelope(record), ...suffixed(properties) }];
}

const withoutPrototype = (object: JsonObject): JsonObject =>
  Object.fromEntries(Object.entries(object).filter(([name]) => name !== '__proto__'));

const envelope = (record: JsonObject): JsonObject => {
  const { properties: _properties, time: _time, tenantId: _tenant, ...rest } = withoutPrototype(record);
  return rest;
};

const SPECIAL = new Map([
  ['ipAddress', 'IPAddress'],
  ['callerIpAddress', 'IPAddress'],
  ['operationVersion', 'OperationVersion'],
]);

/** Entra's sign-in tables call the property `location` LocationDetails: Location is the envelope's country. */
function capitalized(object: JsonObject, table?: string): JsonObject {
  const columns: JsonObject = {};
  for (const [name, value] of Object.entries(withoutPrototype(object))) {
    const column = SPECIAL.get(name) ?? name.charAt(0).toUpperCase() + name.slice(1);
    columns[table !== undefined && table !== 'AuditLogs' && name === 'location' ? 'LocationDetails' : column] = value;
  }
  return columns;
}

function activity(record: JsonObject, category: string, properties: JsonObject): JsonObject {
  const identity = ownObject(record, 'identity');
  const claims = ownObject(identity, 'claims');
  return {
    CategoryValue: category,
    OperationNameValue: own(record, 'operationName'),
    ActivityStatusValue: own(record, 'resultType'),
    ActivitySubstatusValue: own(record, 'resultSignature'),
    CallerIpAddress: own(record, 'callerIpAddress'),
    Caller: own(claims, 'http://schemas.xmlsoap.org/ws/2005/05/identity/claims/upn') ?? own(claims, 'appid'),
    Authorization: toJson(own(identity, 'authorization') ?? {}),
    Claims: toJson(claims),
    CorrelationId: own(record, 'correlationId'),
    Level: own(record, 'level'),
    Properties: toJson(properties),
    Properties_d: properties,
    _ResourceId: scalarText(own(record, 'resourceId'))?.toLowerCase(),
  };
}

function diagnosticsEnvelope(record: JsonObject): JsonObject {
  const resource = scalarText(own(record, 'resourceId')) ?? '';
  const parts = resource.toUpperCase().split('/');
  const columns: JsonObject = {
    ResourceId: resource.toUpperCase(),
    _ResourceId: resource.toLowerCase(),
    SubscriptionId: parts[2]?.toLowerCase(),
    ResourceGroup: parts[4],
    ResourceProvider: parts[6],
    ResourceType: parts[7],
    Resource: parts[8],
  };
  for (const [name, value] of Object.entries(envelope(record))) {
    if (name === 'resourceId') continue;
    const column = name.charAt(0).toUpperCase() + name.slice(1);
    if (isObject(value)) Object.assign(columns, suffixed(value, `${name}_`));
    else columns[column === 'CallerIpAddress' ? 'CallerIPAddress' : column] = value;
  }
  return columns;
}

/** https://learn.microsoft.com/azure/azure-monitor/reference/tables/azurediagnostics: `_s`, `_d`, `_b`, `_t`, `_g`. */
function suffixed(properties: JsonObject, prefix = '', columns: JsonObject = {}): JsonObject {
  for (const [name, value] of Object.entries(withoutPrototype(properties))) {
    if (value === null || value === undefined) continue;
    if (isObject(value) && prefix.length < 200) suffixed(value, `${prefix}${name}_`, columns);
    else if (typeof value === 'number' || typeof value === 'bigint') columns[`${prefix}${name}_d`] = value;
    else if (typeof value === 'boolean') columns[`${prefix}${name}_b`] = value;
    else columns[`${prefix}${name}${suffixOf(value)}`] = typeof value === 'string' ? value : toJson(value);
  }
  return columns;
}

function suffixOf(value: unknown): '_s' | '_t' | '_g' {
  if (typeof value !== 'string') return '_s';
  if (/^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(value)) return '_g';
  return /^\d{4}-\d\d-\d\dT/.test(value) && normalizeTime(value) !== undefined ? '_t' : '_s';
}
