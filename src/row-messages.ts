/**
 * What the decoder and the prefilter must agree on, so that a message can be judged by its bytes:
 * which messages hold rows of tables and nothing else, and which tables a row without `Type` can be of.
 */

/** Columns that a row of Log Analytics or Defender begins with, and that no shipper's record begins with. */
export const FIRST_COLUMNS: ReadonlySet<string> = new Set(
  `AADTenantId Account AccountDomain AccountType ActionType Activity AdditionalExtensions AdditionalFields AlternateSignInName
  AppDisplayName ApplicationProtocol AzureDeploymentID CollectorHostName Collectorhostname CommunicationDirection Computer
  DeviceAction DeviceId DeviceName EventLog MG ManagementGroupName SourceSystem TenantId TimeGenerated Type Timestamp
  _BilledSize _Internal_WorkspaceResourceId _IsBillable _ItemId _ResourceId _SubscriptionId`.split(/\s+/),
);

const PREFIX =
  /^[ \t\r\n]*(?:\{[ \t\r\n]*"records"[ \t\r\n]*:[ \t\r\n]*)?(?:\[[ \t\r\n]*)?\{[ \t\r\n]*"(\w{1,64})"[ \t\r\n]*:/;

/** Characters (or bytes) of a message that decide the question below. */
export const PREFIX_LENGTH = 256;

/**
 * True where a JSON text begins as table rows do: an object, an array or `{"records":[…]}` whose first object begins with
 * a table's column. Such a text is read as rows only, not as any other shape. Looks at the first `PREFIX_LENGTH` characters; they may be bytes read as Latin-1.
 */
export function beginsAsTableRows(text: string): boolean {
  const match = PREFIX.exec(text.slice(0, PREFIX_LENGTH));
  return match !== null && FIRST_COLUMNS.has(match[1]!);
}

/** Columns that only one table has together, for rows that do not say their `Type`. */
export const TABLES_BY_COLUMNS: readonly (readonly [table: string, columns: readonly [string, ...string[]]])[] = [
  ['Event', ['EventLog', 'Source', 'EventID']],
  ['WindowsEvent', ['Channel', 'Provider', 'EventID']],
  ['SecurityEvent', ['EventSourceName', 'Channel', 'EventID', 'Activity']],
  ['Syslog', ['SyslogMessage', 'Facility']],
  ['CommonSecurityLog', ['DeviceVendor', 'DeviceProduct', 'DeviceEventClassID']],
];
