import { normalizeTime } from '../time';

/**
 * Fields of each Sysmon event in the order of Sysmon's manifest: `age` tells since which manifest a field is there
 * (1 from the start, 2 OriginalFileName and Contents, 3 the user fields of Sysmon 13.30).
 */
export interface SysmonField {
  name: string;
  age: 1 | 2 | 3;
}

const PROCESS = 'UtcTime ProcessGuid ProcessId';
const SOURCE_TARGET = 'SourceUser+3 TargetUser+3';

const LAYOUTS: Record<number, string> = {
  1: `RuleName ${PROCESS} Image FileVersion Description Product Company OriginalFileName+2 CommandLine CurrentDirectory User LogonGuid LogonId TerminalSessionId IntegrityLevel Hashes ParentProcessGuid ParentProcessId ParentImage ParentCommandLine ParentUser+3`,
  2: `RuleName ${PROCESS} Image TargetFilename CreationUtcTime PreviousCreationUtcTime User+3`,
  3: `RuleName ${PROCESS} Image User Protocol Initiated SourceIsIpv6 SourceIp SourceHostname SourcePort SourcePortName DestinationIsIpv6 DestinationIp DestinationHostname DestinationPort DestinationPortName`,
  4: 'UtcTime State Version SchemaVersion',
  5: `RuleName ${PROCESS} Image User+3`,
  6: 'RuleName UtcTime ImageLoaded Hashes Signed Signature SignatureStatus',
  7: `RuleName ${PROCESS} Image ImageLoaded FileVersion Description Product Company OriginalFileName+2 Hashes Signed Signature SignatureStatus User+3`,
  8: `RuleName UtcTime SourceProcessGuid SourceProcessId SourceImage TargetProcessGuid TargetProcessId TargetImage NewThreadId StartAddress StartModule StartFunction ${SOURCE_TARGET}`,
  9: `RuleName ${PROCESS} Image Device User+3`,
  10: `RuleName UtcTime SourceProcessGUID SourceProcessId SourceThreadId SourceImage TargetProcessGUID TargetProcessId TargetImage GrantedAccess CallTrace ${SOURCE_TARGET}`,
  11: `RuleName ${PROCESS} Image TargetFilename CreationUtcTime User+3`,
  12: `RuleName EventType ${PROCESS} Image TargetObject User+3`,
  13: `RuleName EventType ${PROCESS} Image TargetObject Details User+3`,
  14: `RuleName EventType ${PROCESS} Image TargetObject NewName User+3`,
  15: `RuleName ${PROCESS} Image TargetFilename CreationUtcTime Hash Contents+2 User+3`,
  16: 'UtcTime Configuration ConfigurationFileHash',
  17: `RuleName EventType ${PROCESS} PipeName Image User+3`,
  18: `RuleName EventType ${PROCESS} PipeName Image User+3`,
  19: 'RuleName EventType UtcTime Operation User EventNamespace Name Query',
  20: 'RuleName EventType UtcTime Operation User Name Type Destination',
  21: 'RuleName EventType UtcTime Operation User Consumer Filter',
  22: `RuleName ${PROCESS} QueryName QueryStatus QueryResults Image User+3`,
  23: `RuleName ${PROCESS} User Image TargetFilename Hashes IsExecutable Archived`,
  24: `RuleName ${PROCESS} Image Session ClientInfo Hashes Archived User+3`,
  25: `RuleName ${PROCESS} Image Type User+3`,
  26: `RuleName ${PROCESS} User Image TargetFilename Hashes IsExecutable`,
  27: `RuleName ${PROCESS} User Image TargetFilename Hashes`,
  28: `RuleName ${PROCESS} User Image TargetFilename Hashes IsExecutable`,
  29: `RuleName ${PROCESS} User Image TargetFilename Hashes`,
  255: 'UtcTime ID Description',
};

const FIELDS = new Map<number, readonly SysmonField[]>(
  Object.entries(LAYOUTS).map(([id, layout]) => [
    Number(id),
    layout.split(' ').map((field): SysmonField => {
      const [name, age] = field.split('+');
      return { name: name!, age: age === '3' ? 3 : age === '2' ? 2 : 1 };
    }),
  ]),
);

/** Names of the fields of all events. */
export const ALL_SYSMON_FIELDS: readonly string[] = [
  ...new Set([...FIELDS.values()].flatMap((fields) => fields.map(({ name }) => name))),
];

export const isSysmon = (provider: string): boolean => /^(?:Microsoft-Windows|Linux)-Sysmon$/i.test(provider);

export const sysmonFields = (eventId: number): readonly SysmonField[] | undefined => FIELDS.get(eventId);

/**
 * Names for values that a shipper gives by position alone, if a manifest of that event has so many fields. Of more values
 * than any known manifest has fields the first have names: Sysmon adds fields at the end.
 */
export function namesByPosition(eventId: number, count: number): string[] | undefined {
  const fields = FIELDS.get(eventId) ?? [];
  for (const age of [3, 2, 1]) {
    const names = fields.filter((field) => field.age <= age).map((field) => field.name);
    if (names.length === count || (age === 3 && names.length > 0 && names.length < count)) return names;
  }
  return undefined;
}

/** The youngest manifest of which a field is among the values. */
export const shownAge = (eventId: number, values: ReadonlyMap<string, string>): number =>
  (FIELDS.get(eventId) ?? []).reduce((age, field) => (values.has(field.name) ? Math.max(age, field.age) : age), 1);

const BARE_GUID = /^[0-9A-Fa-f]{8}(?:-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}$/;

/** Windows writes GUIDs in braces, and Sysmon its times without zone; some shippers write them in other ways. */
function asWritten(name: string, value: string): string {
  if (value.length === 36 && BARE_GUID.test(value) && /G(?:uid|UID)$/.test(name)) return `{${value}}`;
  const time = value[10] === 'T' && name.endsWith('UtcTime') ? normalizeTime(value) : undefined;
  return time === undefined ? value : `${time.slice(0, 10)} ${time.slice(11, 23)}`;
}

/**
 * Named values in manifest order, for shippers that keep no order and drop empty values. A field of the manifest that
 * is missing is there again, empty, if the event's other fields show a manifest that has it. Other fields follow.
 */
export function inManifestOrder(eventId: number, given: ReadonlyMap<string, string>): [string, string][] {
  const fields = FIELDS.get(eventId);
  if (fields === undefined) return [...given];
  const values = withManifestNames(fields, given);
  const age = shownAge(eventId, values);
  const ordered: [string, string][] = [];
  let found = 0;
  for (const { name, age: since } of fields) {
    if (since > age) continue;
    const value = values.get(name);
    if (value !== undefined) found++;
    ordered.push([name, value === undefined ? '' : asWritten(name, value)]);
  }
  if (found === values.size) return ordered;
  const names = new Set(ordered.map(([name]) => name));
  return [...ordered, ...[...values].filter(([name]) => !names.has(name))];
}

/** Names that differ from the manifest's in case alone (a shipper's own, such as TargetProcessGUID in event 8) made the manifest's. */
function withManifestNames(
  fields: readonly SysmonField[],
  values: ReadonlyMap<string, string>,
): ReadonlyMap<string, string> {
  let found = 0;
  for (const { name } of fields) if (values.has(name)) found++;
  if (found === values.size) return values;
  const names = new Set(fields.map(({ name }) => name));
  const byLowerCase = new Map(fields.map(({ name }) => [name.toLowerCase(), name]));
  const renamed = new Map<string, string>();
  for (const [name, value] of values) {
    const manifest = names.has(name) ? name : byLowerCase.get(name.toLowerCase());
    renamed.set(manifest !== undefined && (manifest === name || !values.has(manifest)) ? manifest : name, value);
  }
  return renamed;
}
